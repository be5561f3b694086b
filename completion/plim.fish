# SPDX-License-Identifier: GPL-3.0-or-later
# plim.fish - words for the Tab key in fish; plim itself says which (`plim completion words`).

function __plim_words
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l head (string match -r -- '^--[^=]*=' $current)
    set -l path (string replace -r -- '^--[^=]*=' '' $current)
    for line in ($words[1] completion words -- $words[2..-1] $current 2>/dev/null)
        switch $line
            case :files
                printf "$head%s\n" (__fish_complete_path $path)
            case :folders
                printf "$head%s\n" (__fish_complete_directories $path)
            case '*'
                echo $line
        end
    end
end
complete -c plim -f -a '(__plim_words)'
