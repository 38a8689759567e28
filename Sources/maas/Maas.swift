import ArgumentParser

@main
struct Maas: ParsableCommand {
}
