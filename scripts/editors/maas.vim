" Vim syntax file of maas, made by `maas docs --vim`.
if exists("b:current_syntax")
  finish
endif
syn case match
syn iskeyword @,48-57,_,192-255

syn keyword maasKeyword break catch continue else fn for if match return try while
syn keyword maasOperatorWord and in not or
syn keyword maasConstant false nil true e infinity nan pi random
syn keyword maasType any bool column dataset date function image layer list loss model network
syn keyword maasType number optimizer plot range record registry server string table tensor
syn keyword maasBuiltin abs accuracy acos adam all any append arange argmax argmin asin assert atan
syn keyword maasBuiltin atan2 binary_cross_entropy ceil characters chunks clamp concat confusion
syn keyword maasBuiltin contains cos cosh count count_by cross_entropy dataset date days dense
syn keyword maasBuiltin derive describe drop drop_missing dropout elapsed ends_with enumerate erf
syn keyword maasBuiltin evaluate exists exp eye fail fill_missing filter filter_pairs find find_all
syn keyword maasBuiltin find_first fit flatten floor format full gelu group_by has hash head help
syn keyword maasBuiltin hours identity import index_of insert join keys length lines linspace list
syn keyword maasBuiltin list_files load log log10 log2 log_softmax lower map map_leaves map_values
syn keyword maasBuiltin matches max maximum mean median memoize merge min minimum minutes mse
syn keyword maasBuiltin network normalize now ones pad parallel_map parse_json parse_json_lines
syn keyword maasBuiltin parse_number partition pivot predict print probabilities product range
syn keyword maasBuiltin read_line read_lines read_text record reduce register registry relu remove
syn keyword maasBuiltin rename repeat replace replace_pattern request reshape reverse round same
syn keyword maasBuiltin sample save scale seed select serve sgd sigmoid sign sin sinh sleep softmax
syn keyword maasBuiltin sort sort_by split sqrt stack standardize starts_with stop sum summary table
syn keyword maasBuiltin tail take tan tanh tensor time to_json to_json_lines transpose trim type
syn keyword maasBuiltin unique unpivot upper values where windows without write_text zeros zip

syn match maasNumber "\v<0x[0-9A-Fa-f_]+>|<\d[0-9_]*(\.\d[0-9_]*)?([eE][-+]?\d+)?>"
syn match maasFunction "\v(<fn\s+)@<=\k+"
syn match maasOperator "|>\|->\|??=\?\|[-+*/%^@]=\?\|[=!<>]=\|[<>=]"
syn match maasEscape contained "\v\\(u\{\x+\}|.)"
syn region maasInterpolation contained matchgroup=maasBrace start="{" end="}" contains=TOP
syn region maasString start=+"+ skip=+\\.+ end=+"+ end=+$+ contains=maasEscape,maasInterpolation
syn region maasString start=+"""+ skip=+\\.+ end=+"""+ contains=maasEscape,maasInterpolation
syn region maasString start=+'+ end=+'+ end=+$+
syn region maasString start=+'''+ end=+'''+
syn match maasComment "#.*$" contains=@Spell
syn match maasMark "# \(=>\|prints:\|error:\).*$"
syn match maasDocumentation "##.*$" contains=@Spell
syn match maasCell "^# %%.*$"

hi def link maasKeyword Keyword
hi def link maasOperatorWord Operator
hi def link maasOperator Operator
hi def link maasConstant Constant
hi def link maasType Type
hi def link maasBuiltin Function
hi def link maasFunction Function
hi def link maasNumber Number
hi def link maasString String
hi def link maasEscape SpecialChar
hi def link maasBrace Special
hi def link maasComment Comment
hi def link maasMark SpecialComment
hi def link maasDocumentation SpecialComment
hi def link maasCell Title
setlocal commentstring=#\ %s
let b:current_syntax = "maas"
