<?php
while (($line = fgets(STDIN)) !== false && trim($line) !== '');
$lines = array_fill(0, (int)($argv[1] ?? 1), "VERBOSE \"called\" 1\n");
$lines[] = "SET VARIABLE \"FASTAGISTATUS\" \"SUCCESS\"\n";
foreach ($lines as $line) {
    fwrite(STDOUT, $line);
    fflush(STDOUT);
    fgets(STDIN);
}
