import MaasSyntax

extension ErrorCatalogue {
  private typealias Entry = DiagnosticExplanation

  /// Files, tables and data sets.
  static let data: [DiagnosticExplanation] = [
    Entry(
      "no-such-file",
      "There is no file of this name. A path starts at the folder in which maas was "
        + "started, or with /.",
      example: """
        write_text("x\\n1\\n", "data.csv")
        t = load("date.csv")
        """),
    Entry(
      "no-such-folder",
      "There is no folder of this name.",
      example: "names = list_files(\"nowhere\")"),
    Entry(
      "cannot-read",
      "A file is there and cannot be read: it may be a folder, a device, or another user's.",
      example: "text = read_text(\".\")"),
    Entry(
      "cannot-write",
      "A file cannot be written: its folder may be missing or another user's, the disk "
        + "full, or the name taken.",
      example: "write_text(\"x\", \"nowhere/x.txt\")"),
    Entry(
      "not-utf8",
      "A text is not UTF-8.",
      needs: "needs a file that a program in maas cannot write (Tests/Commands/exits.sh)"),
    Entry(
      "unknown-format",
      "The ending of a file's name says what is in it, and maas knows no file of this "
        + "ending.",
      example: "t = load(\"data.cvs\")"),
    Entry(
      "bad-csv",
      "A CSV file is not a table. Its first line names the columns, and every line has as "
        + "many cells.",
      example: """
        write_text("a,b\\n1,2\\n3\\n", "data.csv")
        t = load("data.csv")
        """),
    Entry(
      "bad-encoding",
      "A table is not in the encoding that it is read in, which is UTF-8 unless `encoding` says "
        + "otherwise.",
      needs: "needs a file that a program in maas cannot write (Tests/Goldens/errors)"),
    Entry(
      "bad-npy",
      "A .npy file is damaged, or of a kind that maas does not read.",
      example: """
        write_text("no array", "x.npy")
        t = load("x.npy")
        """),
    Entry(
      "bad-npz",
      "A .npz file is damaged, or holds something else than NumPy's arrays.",
      example: """
        write_text("no archive", "x.npz")
        t = load("x.npz")
        """),
    Entry(
      "bad-idx",
      "A file in the format of MNIST is damaged, or its header claims another size than it has.",
      example: """
        write_text("no array", "x.idx")
        t = load("x.idx")
        """),
    Entry(
      "bad-gzip",
      "A .gz file is damaged or cut short. Copy or download it again.",
      needs: "needs a file that a program in maas cannot write (Tests/DataTests)"),
    Entry(
      "bad-image",
      "An image is damaged, cut short, or claims a size that its file cannot hold.",
      example: """
        write_text("no image", "x.png")
        t = load("x.png")
        """),
    Entry(
      "no-images",
      "A folder is loaded as images by class, and has no folders with .png or .jpg files in it.",
      example: "data = load(\".\")"),
    Entry(
      "unequal-images",
      "The images of one dataset have one size; `size: [64, 64]` resizes them all.",
      needs: "needs folders, which a program in maas cannot make (Tests/DataTests)"),
    Entry(
      "wrong-file",
      "A file is of another kind than its name says: a JPEG that is called .png, or a web page "
        + "where data should be.",
      example: """
        write_text("<!doctype html><p>Not found", "data.csv")
        t = load("data.csv")
        """),
    Entry(
      "unknown-encoding",
      "There is no text encoding of this name.",
      example: """
        write_text("a\\n1\\n", "data.csv")
        t = load("data.csv", encoding: "gb10830")
        """),
    Entry(
      "duplicate-row",
      "Several rows fall into one cell of a pivot. Say what to make of them: aggregate: "
        + "mean.",
      example: """
        t = table((day: [1, 1], item: ["a", "a"], sold: [2, 3]))
        wide = pivot(t, rows: "day", columns: "item", values: "sold")
        """),
    Entry(
      "duplicate-column",
      "Two columns have one name.",
      example: """
        t = table((day: [1, 2], cars: [3, 4]))
        long = unpivot(t, "cars", name: "day")
        """),
    Entry(
      "unknown-column",
      "The table has no such column.",
      example: """
        t = table((speed: [1, 2]))
        print(t["sped"])
        """),
    Entry(
      "missing-cell",
      "A cell has no value where one is needed. Leave the rows out with drop_missing, fill "
        + "them with fill_missing, or pass skip_missing: true.",
      example: """
        t = table((speed: [1, nil]))
        print(mean(t.speed))
        """),
    Entry(
      "missing-column",
      "A row lacks a column that the model was trained with.",
      example: """
        t = table((x: [0, 1, 2, 3], y: [0.1, 1, 2, 3]))
        data = dataset(t, target: "y")
        model = fit(network { dense(1) }, data, loss: mse, epochs: 1)
        print(predict(model, table((z: [1]))))
        """),
    Entry(
      "text-in-numbers",
      "A column of numbers holds a text somewhere, so that it counts as text.",
      example: """
        write_text("x,y\\n1,0\\n2,1\\n3,0\\n4,1\\n5,0\\n6,1\\n7,0\\n8,1\\n9,0\\noops,1\\n", "data.csv")
        d = load("data.csv") |> dataset(target: "y")
        """),
    Entry(
      "no-rows",
      "There are no rows to learn from.",
      example: """
        write_text("x,y\\n", "data.csv")
        d = load("data.csv") |> dataset(target: "y")
        """),
    Entry(
      "no-features",
      "A table has only the target, and nothing to predict it from.",
      example: "d = dataset(table((y: [0, 1])), target: \"y\")"),
    Entry(
      "too-many-categories",
      "A column of text holds so many different words that they are no categories.",
      example: """
        rows = list(0..5000)
        t = table((word: map(rows, i -> "w{i}"), y: rows))
        d = dataset(t, target: "y", kind: "numbers")
        """),
    Entry(
      "too-many-classes",
      "The labels hold so many different values that they are no classes.",
      example: """
        rows = list(0..5000)
        t = table((x: rows, y: rows))
        d = dataset(t, target: "y", kind: "classes")
        """),
    Entry(
      "unseen-category",
      "A row holds a word that no row of the training data has in this column.",
      example: """
        t = table((kind: ["cat", "dog", "cat", "dog"], y: [0.1, 1, 2, 3]))
        data = dataset(t, target: "y")
        model = fit(network { dense(1) }, data, loss: mse, epochs: 1)
        print(predict(model, table((kind: ["dgo"]))))
        """),
    Entry(
      "unseen-class",
      "A label is none of the classes that the model knows.",
      example: """
        data = dataset(tensor([[0.0], [1.0], [2.0]]), tensor([0, 1, 0]))
        model = fit(network { dense(2) }, data, loss: cross_entropy, epochs: 1)
        print(accuracy(model, dataset(tensor([[1.0]]), tensor([5]))))
        """),
    Entry(
      "wrong-kind",
      "The labels are of another kind than is needed. Classes are one label a row; amounts "
        + "may be several numbers.",
      example: "data = dataset(zeros(3, 1), zeros(3, 2), kind: \"classes\")"),
    Entry(
      "wrong-width",
      "A row has more or fewer values than the model takes.",
      example: """
        data = dataset(tensor([[0.0], [1.0], [2.0]]), tensor([0.5, 1.5, 2.5]))
        model = fit(network { dense(1) }, data, loss: mse, epochs: 1)
        print(predict(model, [1, 2]))
        """),
    Entry(
      "schema-mismatch",
      "Data has other columns or another shape than what the model was trained with.",
      example: """
        data = dataset(tensor([[0.0], [1.0], [2.0]]), tensor([0, 1, 0]))
        model = fit(network { dense(2) }, data, loss: cross_entropy, epochs: 1)
        print(accuracy(model, dataset(tensor([[1.0, 2.0]]), tensor([0]))))
        """),
    Entry(
      "bad-fraction",
      "A share lies between 0 and 1.",
      example: """
        data = dataset(tensor([[0.0], [1.0], [2.0]]), tensor([0, 1, 0]))
        a, b = split(data, test: 2)
        """),
    Entry(
      "empty-part",
      "A split leaves one of its parts without rows.",
      example: """
        data = dataset(tensor([[0.0], [1.0], [2.0]]), tensor([0, 1, 0]))
        a, b = split(data, test: 0.999)
        """),
  ]
}
