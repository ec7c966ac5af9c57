using System.CommandLine;
using Atenea.Errors;
using Atenea.Tokenizers;

namespace Atenea.Cli;

/// <summary><c>atenea tokenizer train</c>: learns a vocabulary from text files.</summary>
internal static class TokenizerCommand
{
    private const string Where = "atenea tokenizer train";
    private const int MostTokens = 10_000_000;

    private static readonly Dictionary<string, TokenizerModelKind> Kinds = new(StringComparer.Ordinal)
    {
        ["wordpiece"] = TokenizerModelKind.WordPiece,
        ["bpe"] = TokenizerModelKind.Bpe,
        ["unigram"] = TokenizerModelKind.Unigram,
        ["wordlevel"] = TokenizerModelKind.WordLevel,
    };

    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var command = new AteneaCommand("tokenizer", "Learn tokenizers.",
            "atenea tokenizer train --model wordpiece --vocab-size 8000 --output my-tokenizer corpus.txt");
        command.Subcommands.Add(CreateTrain(terminal));
        return command;
    }

    private static AteneaCommand CreateTrain(Terminal terminal)
    {
        var files = new Argument<string[]>("FILE") { Arity = ArgumentArity.OneOrMore, Description = "UTF-8 text files" };
        var model = OptionOf.Text("--model", "KIND", "wordpiece, bpe (byte-level), unigram or wordlevel");
        var from = OptionOf.Text("--from", "DIR", "Folder of a tokenizer whose pipeline is kept; in place of --model");
        var size = OptionOf.Number(
            "--vocab-size", "Tokens of the vocabulary, special ones included; 30000, or 8000 for unigram", 1, MostTokens);
        var output = OptionOf.RequiredText("--output", "DIR", "Folder for tokenizer.json and its configuration");
        var frequency = OptionOf.Number("--min-frequency", "Pairs or words seen less often are not taken", 0, int.MaxValue);
        var limit = OptionOf.Number("--limit-alphabet", "Most single characters to keep", 1, 0x110000);
        var special = OptionOf.Texts(
            "--special-tokens", "TOKEN", "Special tokens in order of their ids; the kind's usual ones if left out");
        var command = new AteneaCommand("train", "Learn a vocabulary from text files and save the tokenizer.",
            "atenea tokenizer train --model bpe --vocab-size 16000 --output my-tokenizer corpus.txt",
            "atenea tokenizer train --from all-MiniLM-L6-v2-folder --vocab-size 8000 --output my-tokenizer corpus.txt");
        command.Arguments.Add(files);
        command.AddOptions(model, from, size, output, frequency, limit, special);
        command.SetAction(parse =>
        {
            var options = new TokenizerTrainingOptions
            {
                VocabularySize = parse.GetValue(size),
                MinFrequency = parse.GetValue(frequency) ?? 0,
                LimitAlphabet = parse.GetValue(limit),
                SpecialTokens = parse.GetValue(special) ?? [],
            };
            IEnumerable<string> lines = TokenizerTrainer.ReadLines(parse.GetRequiredValue(files));
            Action<TokenizerTrainingProgress>? progress = terminal.ErrorIsTerminal ? p => Show(p, terminal) : null;
            Tokenizer trained = (parse.GetValue(model), parse.GetValue(from)) switch
            {
                ({ } kind, null) => TokenizerTrainer.Train(Kind(kind), lines, options, progress),
                (null, { } folder) => TokenizerTrainer.TrainFrom(Tokenizer.FromDirectory(folder), lines, options, progress),
                (null, null) => throw new AteneaException(
                    Catalogue.ArgumentWrong, "there is no model to train", Where, "give --model KIND or --from DIR"),
                _ => throw new AteneaException(Catalogue.OptionConflict, "--model and --from", Where),
            };
            string target = parse.GetRequiredValue(output);
            trained.Save(target);
            if (progress is not null) terminal.Error.Write("\r\u001b[K");
            if (parse.GetValue(CommonOptions.Json))
                terminal.WriteJson(new TrainedTokenizer(target, trained.VocabularySize), CliJson.Default.TrainedTokenizer);
            else
                terminal.Output.WriteLine($"{trained.VocabularySize} tokens in {target}");
        });
        return command;
    }

    private static TokenizerModelKind Kind(string name) => Kinds.TryGetValue(name, out TokenizerModelKind kind)
        ? kind
        : throw new AteneaException(Catalogue.ArgumentWrong, $"--model '{name}'", Where, $"one of {string.Join(", ", Kinds.Keys)}");

    private static void Show(TokenizerTrainingProgress progress, Terminal terminal) =>
        terminal.Error.Write($"\r\u001b[K{progress.Stage}: {progress.Done}" + (progress.Total > 0 ? $" of {progress.Total}" : ""));
}

/// <summary>What <c>atenea tokenizer train</c> prints for programs.</summary>
internal sealed record TrainedTokenizer(string Output, int VocabSize);
