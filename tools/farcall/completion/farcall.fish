# fish completion of farcall: commands, options, and the methods of the server whose URL is typed.
function __farcall_complete
    set -l words (commandline -opc) (commandline -ct)
    $words[1] __complete $words[2..-1] 2>/dev/null
end
complete -c farcall -f -a '(__farcall_complete)'
