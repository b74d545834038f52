use strict;
use Asterisk::AGI;
my $agi = Asterisk::AGI->new;
$agi->ReadParse();
$agi->verbose('called', 1) for 1 .. ($ARGV[0] // 1);
$agi->set_variable('FASTAGISTATUS', 'SUCCESS');
