@main struct Krun {
    static func main() {}
}
