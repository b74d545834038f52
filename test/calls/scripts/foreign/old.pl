#!/usr/bin/perl
use Asterisk::AGI;
my $agi = Asterisk::AGI->new;
my %in = $agi->ReadParse;
$agi->set_variable("told", "$ARGV[0]-$ARGV[1] $in{channel} $<");
$agi->verbose("200 result=1", 1);
