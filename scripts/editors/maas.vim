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
syn keyword maasBuiltin assert atan atan2 attention augment average_pool batch_norm
syn keyword maasBuiltin binary_cross_entropy ceil characters cholesky chunks clamp concat confusion
syn keyword maasBuiltin contains conv conv1d conv_transpose cos cosh count count_by cross_entropy
syn keyword maasBuiltin cumsum dataset date days dense derive describe determinant dot drop
syn keyword maasBuiltin drop_missing dropout eig einsum elapsed elu embedding ends_with enumerate
syn keyword maasBuiltin erf evaluate exists exp expand eye fail fill_missing filter filter_pairs
syn keyword maasBuiltin find find_all find_first fit flatten flip floor format full gather gelu
syn keyword maasBuiltin global_average_pool global_max_pool group_by group_norm gru hard_swish has
syn keyword maasBuiltin hash head help hours identity import index_of inputs insert inverse join
syn keyword maasBuiltin keys layer_norm leaky_relu length lines linspace list list_files load log
syn keyword maasBuiltin log10 log2 log_softmax lower lstm map map_leaves map_values mask_padding
syn keyword maasBuiltin matches max max_pool maximum mean median memoize merge min minimum minutes
syn keyword maasBuiltin mish mse network norm normalize now one_hot ones outer pad parallel
syn keyword maasBuiltin parallel_map parse_json parse_json_lines parse_number partition permute
syn keyword maasBuiltin pivot positional_encoding predict print probabilities prod product qr
syn keyword maasBuiltin quantile range read_line read_lines read_text record reduce register
syn keyword maasBuiltin registry relu remove rename repeat replace replace_pattern request reshape
syn keyword maasBuiltin residual reverse rnn round same sample save scale scatter_add seed select
syn keyword maasBuiltin selu serve sgd sigmoid sign silu sin sinh sleep softmax softplus solve sort
syn keyword maasBuiltin sort_by split split_at sqrt squeeze stack standardize starts_with std stop
syn keyword maasBuiltin sum summary svd table tail take tan tanh tensor tile time to_json
syn keyword maasBuiltin to_json_lines topk trace transformer_block transpose trim type unique
syn keyword maasBuiltin unpivot upper upsample values var where windows without write_text zeros zip

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
