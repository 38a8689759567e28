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
syn keyword maasBuiltin abs accuracy acos adam all any append arange argmax argmin argsort asin
syn keyword maasBuiltin assert atan atan2 binary_cross_entropy ceil characters cholesky chunks clamp
syn keyword maasBuiltin concat confusion contains cos cosh count count_by cross_entropy cumsum
syn keyword maasBuiltin dataset date days dense derive describe determinant dot drop drop_missing
syn keyword maasBuiltin dropout eig einsum elapsed ends_with enumerate erf evaluate exists exp
syn keyword maasBuiltin expand eye fail fill_missing filter filter_pairs find find_all find_first
syn keyword maasBuiltin fit flatten flip floor format full gather gelu group_by has hash head help
syn keyword maasBuiltin hours identity import index_of insert inverse join keys length lines
syn keyword maasBuiltin linspace list list_files load log log10 log2 log_softmax lower map
syn keyword maasBuiltin map_leaves map_values matches max maximum mean median memoize merge min
syn keyword maasBuiltin minimum minutes mse network norm normalize now one_hot ones outer pad
syn keyword maasBuiltin parallel_map parse_json parse_json_lines parse_number partition permute
syn keyword maasBuiltin pivot predict print probabilities prod product qr quantile range read_line
syn keyword maasBuiltin read_lines read_text record reduce register registry relu remove rename
syn keyword maasBuiltin repeat replace replace_pattern request reshape reverse round same sample
syn keyword maasBuiltin save scale scatter_add seed select serve sgd sigmoid sign sin sinh sleep
syn keyword maasBuiltin softmax solve sort sort_by split split_at sqrt squeeze stack standardize
syn keyword maasBuiltin starts_with std stop sum summary svd table tail take tan tanh tensor tile
syn keyword maasBuiltin time to_json to_json_lines topk trace transpose trim type unique unpivot
syn keyword maasBuiltin upper values var where windows without write_text zeros zip

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
