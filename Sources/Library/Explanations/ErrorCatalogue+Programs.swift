import MaasSyntax

extension ErrorCatalogue {
  private typealias Entry = DiagnosticExplanation

  /// Names, calls and values: what the compiler and the check find.
  static let programs: [DiagnosticExplanation] = [
    Entry(
      "assigns-a-copy",
      "A function cannot assign a variable outside itself. Functions capture values, not "
        + "variables, and a name that a function assigns is its own. Return the new value, and "
        + "assign it where the function is called: total = step(total).",
      example: """
        total = 0
        fn advance() { total = total + 1 }
        advance()
        """),
    Entry(
      "no-place",
      "Only a variable, or a part of one, can be assigned. The result of a call, a builtin "
        + "and a literal belong to nobody.",
      example: "max[0] = 1"),
    Entry(
      "no-value",
      "Something without a value is used as one. A loop, an assignment, an if without else, "
        + "a return without a value have none.",
      example: """
        fn quiet() { for i in 0..3 { print(i) } }
        x = quiet()
        """),
    Entry(
      "not-yet",
      "The language has this, and this version does not run it yet.",
      example: "plot([1, 2, 3])"),
    Entry(
      "outside-loop",
      "break and continue stand in a loop.",
      example: "break"),
    Entry(
      "return-outside",
      "return leaves a function. At top level a script simply ends.",
      example: "return 3"),
    Entry(
      "pattern-may-fail",
      "Outside of match a pattern must fit every value. A literal, a type or an interval "
        + "may not; tell values apart with match.",
      example: "for 1 in [1, 2] { print(\"one\") }"),
    Entry(
      "unequal-alternatives",
      "The alternatives of an arm bind the same names. Otherwise a name would have a value "
        + "only sometimes.",
      example: """
        print(match [1, 2] {
          [a, 2], [1, b] -> a
          _ -> 0
        })
        """),
    Entry(
      "too-many-names",
      "A function has too many variables and intermediate values. It is limited to 250; "
        + "split it into smaller ones.",
      example: "fn f() { "
        + (0..<300).map { "v\($0) = \($0); " }.joined() + "}"),
    Entry(
      "too-many-arguments",
      "A call has more arguments than the function takes.",
      example: "sqrt(1, 2)"),
    Entry(
      "missing-argument",
      "A call lacks an argument that has no default.",
      example: "conv()"),
    Entry(
      "unknown-argument",
      "The function has no argument of this name.",
      example: "sorted = sort([2, 1], descendin: true)"),
    Entry(
      "repeated-argument",
      "An argument is given twice, once by its place and once by its name.",
      example: """
        fn f(a, b) = a
        f(1, a: 2)
        """),
    Entry(
      "unknown-name",
      "No variable, function or builtin has this name. A name is known once it has been "
        + "assigned; the nearest known names are offered.",
      example: """
        loss = 0.5
        print(los)
        """),
    Entry(
      "unused-value",
      "A value is computed and dropped. Calls that only give a value change nothing: "
        + "append(xs, 1) is a new list, so write xs = append(xs, 1). To show a value, print it.",
      example: """
        xs = [1]
        append(xs, 2)
        print(xs)
        """),
    Entry(
      "unused-name",
      "A name is assigned and never used (a warning of maas check). Perhaps another one was "
        + "meant. A name that starts with _ is not reported, and _ alone takes a value that "
        + "nobody needs.",
      example: "for i in 0..3 { print(\"again\") }"),
    Entry(
      "shadows-builtin",
      "A variable has the name of a builtin (a warning of maas check). In this file the "
        + "builtin can no longer be called.",
      example: """
        max = 3
        print(max)
        """),
    Entry(
      "shadows-name",
      "A name of a loop, an arm of match or a catch hides a variable of the same function (a "
        + "warning of maas check). Inside the block it is another variable, and the outer one "
        + "keeps its value. A name in a pattern takes any value; it is not compared.",
      example: """
        x = 1
        for x in 0..3 { print(x) }
        print(x)
        """),
    Entry(
      "unreachable-code",
      "A statement is never reached (a warning of maas check). return, break and continue "
        + "leave what stands behind them.",
      example: """
        fn f(x) {
          return x
          print("never")
        }
        print(f(1))
        """),
    Entry(
      "unknown-id",
      "maas explain was given an id that no error has. maas explain alone lists all.",
      needs: "met on the command line only (Tests/Commands/explaining.sh)"),
    Entry(
      "format-changes",
      "maas fmt refused a program, because its new layout would read as another program. "
        + "The file is as it was. This is a fault of maas.",
      needs: "it would be a fault of the formatter"),
    Entry(
      "internal",
      "Something went wrong inside maas. This is a fault of maas: please report it with the "
        + "program.",
      needs: "it would be a fault of maas"),
    Entry(
      "interrupted",
      "The program was stopped, by Ctrl-C or by whoever runs it.",
      needs: "needs a press of Ctrl-C (Tests/Commands/interrupts.sh)"),
    Entry(
      "memory-limit",
      "The program took more memory than --max-memory allows.",
      needs: "needs --max-memory (Tests/Commands/limits.sh)"),
    Entry(
      "time-limit",
      "The program ran longer than --max-seconds allows.",
      needs: "needs --max-seconds (Tests/Commands/limits.sh)"),
    Entry(
      "step-limit",
      "The program did more steps than --max-steps allows.",
      needs: "needs --max-steps (Tests/Commands/limits.sh)"),
    Entry(
      "sandboxed",
      "The program wanted a file outside its folder, or the network, and --sandbox forbids "
        + "both.",
      needs: "needs --sandbox (Tests/Commands/limits.sh)"),
    Entry(
      "no-server-here",
      "A worker of parallel_map ends, and a server would end with it. Serve outside of it.",
      example: """
        data = dataset(tensor([[0.0], [1.0], [2.0]]), tensor([0.5, 1.5, 2.5]))
        m = fit(network { dense(1) }, data, loss: mse, epochs: 1)
        servers = parallel_map([1, 2], _ -> serve(m, port: 0))
        """),
    Entry(
      "no-threads",
      "The system gives no threads to work on.",
      needs: "needs a system without threads"),
    Entry(
      "import-cycle",
      "Files import each other. What both need belongs into a third file, which both "
        + "import.",
      needs: "needs two files (Tests/Scripts/language/files_are_imported_once.maas)"),
  ]
}
