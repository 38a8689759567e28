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
syn keyword maasType number optimizer plot range record registry schedule server string table tensor
syn keyword maasBuiltin abs accuracy acos adadelta adagrad adam adamw all any append arange argmax
syn keyword maasBuiltin argmin argsort asin assert atan atan2 attention augment average_pool
syn keyword maasBuiltin batch_norm binary_cross_entropy ceil characters cholesky chunks clamp concat
syn keyword maasBuiltin confusion constant contains conv conv1d conv_transpose cos cosh cosine count
syn keyword maasBuiltin count_by cross_entropy cumsum dataset date days dense derive describe
syn keyword maasBuiltin determinant dot drop drop_missing dropout eig einsum elapsed elu embedding
syn keyword maasBuiltin ends_with enumerate erf evaluate exists exp expand exponential eye fail
syn keyword maasBuiltin fill_missing filter filter_pairs find find_all find_first find_rate fit
syn keyword maasBuiltin flatten flip floor focal format full gather gelu global_average_pool
syn keyword maasBuiltin global_max_pool grad group_by group_norm gru hard_swish has hash head help
syn keyword maasBuiltin hinge hours huber identity import index_of inputs insert inverse jacobian
syn keyword maasBuiltin join keys kl_divergence lamb layer layer_norm leaky_relu length lines
syn keyword maasBuiltin linspace lion list list_files load log log10 log2 log_cosh log_softmax lower
syn keyword maasBuiltin lstm mae map map_leaves map_values mask_padding matches max max_pool maximum
syn keyword maasBuiltin mean median memoize merge min minimum minutes mish mse network norm
syn keyword maasBuiltin normalize now one_cycle one_hot ones outer outputs pad parallel parallel_map
syn keyword maasBuiltin parse_json parse_json_lines parse_number partition permute pivot plateau
syn keyword maasBuiltin poisson positional_encoding predict print probabilities prod product qr
syn keyword maasBuiltin quantile range read_line read_lines read_text record reduce register
syn keyword maasBuiltin registry relu remove rename repeat replace replace_pattern request reshape
syn keyword maasBuiltin residual reverse rmsprop rnn round same sample save scale scatter_add seed
syn keyword maasBuiltin select selu serve sgd sigmoid sign silu sin sinh sleep softmax softplus
syn keyword maasBuiltin solve sort sort_by split split_at sqrt squeeze stack standardize starts_with
syn keyword maasBuiltin std step stop stop_gradient sum summary svd table tail take tan tanh
syn keyword maasBuiltin temporary_folder tensor tile time to_json to_json_lines topk trace
syn keyword maasBuiltin transformer_block transpose trim triplet type unique unpivot upper upsample
syn keyword maasBuiltin value_and_grad values var warmup where windows without write_text zeros zip

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
