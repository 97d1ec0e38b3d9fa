public import KrunSecrets

extension Diagnostic {
    /// The same with nothing of any secret in it, wherever it would be shown.
    public func masked(by secrets: Secrets) -> Diagnostic {
        if secrets.isEmpty { return self }
        var masked = self
        masked.title = secrets.masked(title)
        masked.label = secrets.masked(label)
        masked.notes = notes.map { Self.withoutHash(secrets.masked($0), insteadOf: $0) }
        if let context {
            masked.context = Context(
                activity: secrets.masked(context.activity), position: secrets.masked(context.position))
        }
        masked.place = place?.masked(by: secrets)
        masked.mismatch = mismatch?.masked(by: secrets)
        return masked
    }

    /// What explains where a key goes says its hash, from which a key that is easily guessed could be found.
    private static func withoutHash(_ masked: String, insteadOf note: String) -> String {
        masked == note ? note : masked.replacing(/0x[0-9a-f]{8}/, with: "0x" + Secrets.mask)
    }
}

extension Diagnostics {
    /// The same with nothing of any secret in them.
    public func masked(by secrets: Secrets) -> Diagnostics {
        Diagnostics(all.map { $0.masked(by: secrets) }, omitted: omitted)
    }
}

extension Place {
    /// The same with `***` for each secret in its line and its path.
    ///
    /// Of a long line the excerpt may begin or end within a secret.
    fileprivate func masked(by secrets: Secrets) -> Place {
        var masked = self
        masked.path = secrets.masked(path)
        masked.excerpt = secrets.masked(excerpt, isCut: isExcerptCut, isCutBefore: excerptColumn > 1)
        guard masked.excerpt != excerpt else { return masked }
        // The carets go under what stands there now.
        let offset = max(0, column - excerptColumn)
        let before = masked.shown(offset, of: self, secrets)
        masked.carets = before..<max(before + 1, masked.shown(offset + length, of: self, secrets))
        return masked
    }

    /// How many scalars of this excerpt stand for so many of the one whose secrets it hides.
    private func shown(_ count: Int, of original: Place, _ secrets: Secrets) -> Int {
        let part = String(String.UnicodeScalarView(original.excerpt.unicodeScalars.prefix(count)))
        let isCutBefore = original.excerptColumn > 1
        // They may end within a secret.
        let cut = secrets.masked(part, isCut: true, isCutBefore: isCutBefore)
        let text = excerpt.utf8.starts(with: cut.utf8) ? cut : secrets.masked(part, isCutBefore: isCutBefore)
        return text.unicodeScalars.count
    }
}

extension Mismatch {
    /// The same with `***` for each secret in its texts and bytes.
    public func masked(by secrets: Secrets) -> Mismatch {
        var subject = subject
        subject.topic = subject.topic.map { secrets.masked($0) }
        subject.member = subject.member.map { secrets.masked($0) }
        subject.field = subject.field.map { secrets.masked($0) }
        if case .bytes(let key)? = subject.key { subject.key = .bytes(secrets.masked(key)) }
        return Mismatch(subject, expected: expected.masked(by: secrets), actual: actual.masked(by: secrets))
    }
}

extension Mismatch.Value {
    fileprivate func masked(by secrets: Secrets) -> Mismatch.Value {
        switch self {
        case .null, .number, .duration, .boolean: return self
        case .matcher(let name, let value): return .matcher(name, value.masked(by: secrets))
        case .text(let text): return .text(secrets.masked(text))
        case .record(let bytes?, let isJSON):
            let masked = secrets.masked(bytes)
            // Where a number is hidden it is JSON no more.
            return .record(masked, isJSON: isJSON && masked == bytes)
        case .record(nil, _): return self
        case .json(let text):
            let masked = secrets.masked(text)
            return masked == text ? self : .text(masked)
        case .list(let values): return .list(values.map { $0.masked(by: secrets) })
        case .object(let members):
            return .object(members.map { Member(secrets.masked($0.name), $0.value.masked(by: secrets)) })
        case .oneOf(let values): return .oneOf(values.map { $0.masked(by: secrets) })
        case .matches(let pattern): return .matches(secrets.masked(pattern))
        case .range(let min, let max):
            return .range(min: min?.masked(by: secrets), max: max?.masked(by: secrets))
        }
    }
}
