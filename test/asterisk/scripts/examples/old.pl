#!/usr/bin/perl
use Asterisk::AGI;
$SIG{HUP} = sub { $agi->set_variable('MESSAGE', 'hup'); exit 0 };
our $agi = Asterisk::AGI->new;
my %in = $agi->ReadParse;
$agi->set_variable('TOLD', "$in{context} " . $agi->get_variable('EXTEN') . ' ' . $agi->stream_file('beep'));
$agi->stream_file('demo-congrats') if $in{extension} eq 'old.pl' && $agi->get_variable('CALLERID(num)') eq '1';
