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
syn keyword maasBuiltin contains cos cosh count cross_entropy dataset date dense derive describe
syn keyword maasBuiltin drop drop_missing dropout elapsed ends_with enumerate erf evaluate exists
syn keyword maasBuiltin exp eye fail fill_missing filter find find_all find_first fit flatten floor
syn keyword maasBuiltin format full gelu group_by has hash head help identity import index_of insert
syn keyword maasBuiltin join keys length lines linspace list list_files load log log10 log2
syn keyword maasBuiltin log_softmax lower map map_leaves matches max maximum mean memoize merge min
syn keyword maasBuiltin minimum mse network normalize now ones pad parse_json parse_json_lines
syn keyword maasBuiltin parse_number pivot predict print probabilities range read_line read_lines
syn keyword maasBuiltin read_text record reduce register registry relu remove rename repeat replace
syn keyword maasBuiltin replace_pattern request reshape reverse round same sample save scale seed
syn keyword maasBuiltin select serve sgd sigmoid sign sin sinh sleep softmax sort sort_by split sqrt
syn keyword maasBuiltin stack standardize starts_with stop sum summary table tail take tan tanh
syn keyword maasBuiltin tensor time to_json to_json_lines transpose trim type unique unpivot upper
syn keyword maasBuiltin values where without write_text zeros zip

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
