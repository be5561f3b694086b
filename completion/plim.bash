# SPDX-License-Identifier: GPL-3.0-or-later
# plim.bash - words for the Tab key in bash; plim itself says which (`plim completion words`).
# shellcheck shell=bash

_plim()
{
  local word line rest glued=0
  local -a words=() # as plim gets them: bash takes --format=csv and 1:2:5 apart at = and :
  for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
    if ((${#words[@]})) && { ((glued)) || [[ $word == [=:]* ]]; }; then
      words[${#words[@]} - 1]+=$word
    else
      words+=("$word")
    fi
    glued=0
    [[ $word != *[=:] ]] || glued=1
  done
  word=${words[${#words[@]} - 1]}
  rest=${word##*[=:]} # what bash replaces
  COMPREPLY=()
  while IFS= read -r line; do
    line=${line%%$'\t'*}
    case $line in
      :files)
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$rest")
        ;;
      :folders)
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -d -- "$rest")
        ;;
      *)
        [[ $line != *: ]] || compopt -o nospace 2>/dev/null
        COMPREPLY+=("${line#"${word%"$rest"}"}")
        ;;
    esac
  done < <("$1" completion words -- "${words[@]}" 2>/dev/null)
}
complete -F _plim plim
