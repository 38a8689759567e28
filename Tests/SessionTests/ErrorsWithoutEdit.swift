/// Ids whose help says what to do, but not what to write: only the writer knows what was meant, or
/// the mistake lies in a file or in data. All other ids have an edit that mends their example.
let errorsWithoutEdit: Set<String> = [
  "assertion-failed", "assigns-a-copy", "bad-axis", "bad-character", "bad-checkpoint", "bad-csv",
  "bad-date", "bad-date-form", "bad-einsum", "bad-fraction", "bad-id", "bad-idx", "bad-image",
  "bad-json", "bad-model", "bad-name", "bad-npy", "bad-npz", "bad-parameters", "bad-setting",
  "cannot-read", "cannot-write", "depends-on-data", "depends-on-rows", "division-by-zero",
  "duplicate-column",
  "duplicate-key",
  "duplicate-name", "empty", "empty-part", "layer-order", "lost-branch", "missing-argument",
  "missing-column", "no-classes", "no-features", "no-gradient", "no-hash", "no-images", "no-index",
  "no-match",
  "no-order", "no-place", "no-rows", "no-server-here", "no-such-folder", "no-value", "not-exact",
  "not-a-number", "not-finite", "not-json", "not-positive-definite", "not-square", "not-symmetric",
  "not-yet",
  "nothing-to-train", "open-range", "other-run", "outside-loop", "pattern-may-fail",
  "pattern-too-hard", "pipe-target", "ragged-list", "range-chain", "repeated-argument",
  "schema-mismatch", "second-rest", "shape-mismatch", "singular", "structure-mismatch",
  "text-in-numbers", "too-deep", "too-large", "too-many-arguments", "too-many-categories",
  "too-many-classes", "too-many-names", "too-nested", "unequal-alternatives", "unknown-group",
  "unseen-class", "wrong-count", "wrong-file", "wrong-format", "wrong-kind", "wrong-range",
  "wrong-value", "wrong-width",
]

/// Ids that no test can reach, and why.
let outOfReach: [String: String] = [
  "internal": "it would be a fault of maas",
  "format-changes": "it would be a fault of the formatter",
  "not-converged": "no matrix is known that does this; LAPACK says it can happen",
  "not-supported": "no sizes are known that oneDNN refuses",
  "missing-library": "the tests run where everything is installed",
  "no-threads": "a system without threads is needed",
  "no-thread": "a system without threads is needed",
  "cannot-listen": "the system must refuse for a reason of its own",
  "port-not-allowed": "the tests may run as an administrator",
  "request-failed": "a server is needed that is not of maas, and there is none",
  "stopping": "a server must stop in the middle of an answer",
]
