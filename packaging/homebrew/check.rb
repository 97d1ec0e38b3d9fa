# Reads the formula as Homebrew would, as far as it has words for it: check.rb FORMULA. A word that no formula has is an error, and so is a
# library that Package.swift names for Homebrew and the formula does not.
require "pathname"

ROOT = Pathname(__FILE__).dirname.join("../..")

class Formula
  class << self
    attr_reader :said, :needed, :tested

    %i[desc homepage url sha256 license].each do |word|
      define_method(word) { |text| (@said ||= {})[word] = text }
    end

    def depends_on(what)
      name = what.is_a?(Hash) ? what.keys.first : what
      (@needed ||= []) << name.to_s
    end

    def uses_from_macos(name = nil, **conditions)
      (@needed ||= []) << (name || conditions.keys.first).to_s
    end

    def test(&block)
      @tested = block
    end
  end
end

load ARGV.fetch(0)
problems = []
%i[desc homepage url sha256 license].each { |word| problems << "it has no #{word}" unless Krun.said[word] }
# Where install.sh, the action and the tags have a release.
problems << "its url is not in the folder of a release: vVERSION" unless Krun.said[:url].to_s.match?(%r{/v([^/]+)/krun-\1\.tar\.gz\z})
problems << "its description is longer than 80 letters, or ends with a full stop" if Krun.said[:desc].length > 80 || Krun.said[:desc].end_with?(".")
problems << "its description begins with its name or an article" if Krun.said[:desc].match?(/\A(krun|an?|the) /i)
named = ROOT.join("Package.swift").read.scan(/\.brew\(\["([^"]+)"\]\)/).flatten
problems << "Package.swift has no libraries of Homebrew" if named.empty?
(named - Krun.needed).each { |name| problems << "it does not depend on #{name}" }
problems << "it installs nothing" unless Krun.method_defined?(:install)
problems << "it tests nothing" unless Krun.tested
abort problems.map { |problem| "#{ARGV[0]}: #{problem}" }.join("\n") unless problems.empty?
