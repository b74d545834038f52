<?php
// What a bootstrap in PHP has to do before its script's first command: settings from an INI file, an error handler, the environment, the script below basedir, its owner's
// identity, a class with a method a command, and replies taken apart. Our own words; the work is what phpagi-fastagi.php has to do as well.
ini_set('display_errors', '0');
ob_implicit_flush(true);
set_time_limit(0);
set_error_handler(static function (int $level, string $message): bool {
    error_log("agi: $message");
    return true;
});

final class Agi
{
    public array $request = [];
    public array $config;

    public function __construct(string $file)
    {
        $this->config = is_readable($file) ? (parse_ini_file($file, true) ?: []) : [];
        $this->config['phpagi'] = ($this->config['phpagi'] ?? []) + ['debug' => false, 'error_handler' => true, 'tempdir' => '/var/spool/asterisk/tmp/'];
        while (($line = fgets(STDIN)) !== false && trim($line) !== '') {
            $colon = strpos($line, ':');
            $this->request[substr($line, 0, $colon)] = trim(substr($line, $colon + 1));
        }
        ksort($this->request);
    }

    public function evaluate(string $command): array
    {
        fwrite(STDOUT, trim($command) . "\n");
        fflush(STDOUT);
        $line = fgets(STDIN);
        if ($line === false || !preg_match('/^(\d{3}) result=(-?\d*)(?: \((.*)\))?/', trim($line), $found)) return ['code' => 500, 'result' => -1, 'data' => ''];
        return ['code' => (int) $found[1], 'result' => $found[2], 'data' => $found[3] ?? ''];
    }

    public function verbose(string $message, int $level = 1): array
    {
        return $this->evaluate('VERBOSE "' . addcslashes($message, "\"\\") . "\" $level");
    }

    public function set_variable(string $name, string $value): array
    {
        return $this->evaluate("SET VARIABLE $name \"" . addcslashes($value, "\"\\") . '"');
    }
}

$agi = new Agi($argv[1]);
$basedir = rtrim($agi->config['fastagi']['basedir'] ?? '/var/lib/asterisk/agi-bin', '/');
$script = realpath($basedir . '/' . basename(parse_url($agi->request['agi_network_script'] ?? '', PHP_URL_PATH) ?: ''));
if ($script === false || !str_starts_with($script, $basedir . '/')) {
    $agi->verbose('no such script');
    exit(1);
}
if (posix_getuid() === 0 && fileowner($script) > 0) {
    posix_setgid(filegroup($script));
    posix_setuid(fileowner($script));
}
require $script;
$agi->set_variable('FASTAGISTATUS', 'SUCCESS');
