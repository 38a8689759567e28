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
syn keyword maasBuiltin assert atan atan2 augment average_pool batch_norm binary_cross_entropy ceil
syn keyword maasBuiltin characters cholesky chunks clamp concat confusion contains conv conv1d
syn keyword maasBuiltin conv_transpose cos cosh count count_by cross_entropy cumsum dataset date
syn keyword maasBuiltin days dense derive describe determinant dot drop drop_missing dropout eig
syn keyword maasBuiltin einsum elapsed elu ends_with enumerate erf evaluate exists exp expand eye
syn keyword maasBuiltin fail fill_missing filter filter_pairs find find_all find_first fit flatten
syn keyword maasBuiltin flip floor format full gather gelu global_average_pool global_max_pool grad
syn keyword maasBuiltin group_by group_norm hard_swish has hash head help hours identity import
syn keyword maasBuiltin index_of inputs insert inverse jacobian join keys layer layer_norm
syn keyword maasBuiltin leaky_relu length lines linspace list list_files load log log10 log2
syn keyword maasBuiltin log_softmax lower map map_leaves map_values matches max max_pool maximum
syn keyword maasBuiltin mean median memoize merge min minimum minutes mish mse network norm
syn keyword maasBuiltin normalize now one_hot ones outer pad parallel parallel_map parse_json
syn keyword maasBuiltin parse_json_lines parse_number partition permute pivot predict print
syn keyword maasBuiltin probabilities prod product qr quantile range read_line read_lines read_text
syn keyword maasBuiltin record reduce register registry relu remove rename repeat replace
syn keyword maasBuiltin replace_pattern request reshape residual reverse round same sample save
syn keyword maasBuiltin scale scatter_add seed select selu serve sgd sigmoid sign silu sin sinh
syn keyword maasBuiltin sleep softmax softplus solve sort sort_by split split_at sqrt squeeze stack
syn keyword maasBuiltin standardize starts_with std stop stop_gradient sum summary svd table tail
syn keyword maasBuiltin take tan tanh tensor tile time to_json to_json_lines topk trace transpose
syn keyword maasBuiltin trim type unique unpivot upper upsample value_and_grad values var where
syn keyword maasBuiltin windows without write_text zeros zip

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
