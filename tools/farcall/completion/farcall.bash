# bash completion of farcall: commands, options, and the methods of the server whose URL is typed.
_farcall() {
    # Bash has broken words at colons and equal signs; here they are put together again.
    local words=() word rest=$COMP_LINE i
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if ((i > 0)) && [[ $rest != [[:space:]]* && -n $rest ]]; then
            words[-1]+=$word
        else
            words+=("$word")
        fi
        rest=${rest#"${rest%%[![:space:]]*}"}
        rest=${rest#"$word"}
    done
    local current=${words[-1]} program=${1/#\~\//"$HOME/"}
    mapfile -t COMPREPLY < <("$program" __complete "${words[@]:1}" 2>/dev/null)
    # Bash replaces only what stands behind the last break.
    local kept=${current%"${current##*[:=]}"}
    COMPREPLY=("${COMPREPLY[@]#"$kept"}")
    [[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace
}
complete -F _farcall farcall
