using System.Text.Json;
using Atenea.Data;
using Atenea.Hub;
using Atenea.Pipelines;

namespace Atenea.Cli.Tests;

public sealed class PredictCommandTests : IDisposable
{
    private static readonly string[] Labels = ["anger", "joy", "optimism"];

    private readonly TemporaryFolder _folder = new();
    private readonly string _model;

    public PredictCommandTests() => _model = TinyModel.Write(_folder.File("model"), Labels, ProblemType.SingleLabelClassification);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Texts_of_the_command_line_are_answered_in_a_table()
    {
        Outcome outcome = Atenea.Run("predict", _model, "--text", "What a [wonderful] day!", "@user #no");
        outcome.AssertSuccess();
        Assert.Equal("", outcome.Error);
        Assert.Contains("What a [wonderful] day!", outcome.Output, StringComparison.Ordinal);
        foreach (string label in Labels) Assert.Contains(label, outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_gives_one_line_per_line_in_order_whatever_the_lengths()
    {
        string[] texts = [.. Enumerable.Range(0, 300)
            .Select(i => string.Join(' ', Enumerable.Repeat($"word{i}", 1 + (i * 7 % 40))) + " \"é\" 日本")];
        string input = _folder.Write("in.jsonl",
            string.Concat(texts.Select(t => JsonSerializer.Serialize(new { id = 1, text = t }) + "\n")));
        string output = _folder.File("out.jsonl");
        Outcome outcome = Atenea.Run("predict", _model, "--input", input, "--output", output);
        outcome.AssertSuccess();
        Assert.Equal("", outcome.Output);
        Assert.Contains("300 texts", outcome.Error, StringComparison.Ordinal);

        using var pipeline = TextClassificationPipeline.Load(_model);
        string[] lines = File.ReadAllLines(output);
        Assert.Equal(texts.Length, lines.Length);
        for (int i = 0; i < texts.Length; i++) AssertAnswer(pipeline.Classify(texts[i]), JsonDocument.Parse(lines[i]).RootElement);
    }

    [Theory]
    [InlineData("in.txt", "one\n\nthree\n", "text")]
    [InlineData("in.csv", "text,other\none,1\n\"\",2\nthree,3\n", "text")]
    [InlineData("in.jsonl", "{\"body\":\"one\"}\n{\"body\":\"\"}\n{\"body\":\"three\"}\n", "body")]
    [InlineData("in.tsv", "text\tother\none\t1\n\t2\nthree\t3\n", "text")]
    public void Every_format_gives_the_same_answers_as_standard_input(string name, string content, string column)
    {
        Outcome piped = Atenea.Run(["predict", _model], new() { Input = "one\n\nthree\n" });
        piped.AssertSuccess();
        Assert.Equal(3, piped.Lines.Length);
        Outcome outcome = Atenea.Run("predict", _model, "--input", _folder.Write(name, content), "--column", column);
        outcome.AssertSuccess();
        Assert.Equal(piped.Output, outcome.Output);
    }

    [Fact]
    public void Answers_do_not_depend_on_threads_or_the_way_they_were_asked()
    {
        Outcome one = Atenea.Run("predict", _model, "--text", "a few words", "and more of them here", "--json", "--threads", "1");
        Outcome many = Atenea.Run(["predict", _model, "--threads", "3"], new() { Input = "a few words\nand more of them here\n" });
        one.AssertSuccess();
        Assert.Equal(one.Output, many.Output);
    }

    [Fact]
    public void Pairs_come_from_two_columns()
    {
        string input = _folder.Write("in.csv", "a,b\nfirst,second\n");
        Outcome outcome = Atenea.Run("predict", _model, "--input", input, "--column", "a", "--pair-column", "b");
        outcome.AssertSuccess();
        using var pipeline = TextClassificationPipeline.Load(_model);
        AssertAnswer(pipeline.Classify(new TextInput("first", "second")), outcome.Json);
    }

    [Fact]
    public void Long_texts_are_cut_and_counted_once()
    {
        string text = string.Join(' ', Enumerable.Repeat("word", 100));
        Outcome outcome = Atenea.Run(["predict", _model], new() { Input = $"{text}\nshort\n{text}\n" });
        outcome.AssertSuccess();
        Assert.Contains("2 of 3 texts were longer than 64 tokens and were cut", outcome.Error, StringComparison.Ordinal);
        Outcome shorter = Atenea.Run(["predict", _model, "--max-length", "8"], new() { Input = $"{text}\n" });
        Assert.Contains("1 of 1 texts were longer than 8 tokens", shorter.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Command_and_library_answer_as_the_model_was_trained()
    {
        string several = TinyModel.Write(_folder.File("trained"), Labels, ProblemType.MultiLabelClassification);
        string text = string.Join(' ', Enumerable.Repeat("some words", 30));
        JsonElement before = Atenea.Run("predict", several, "--text", text, "--json").Json;
        new ModelSettings { MaxLength = 8, Text = "review", Threshold = 0.01, Temperature = 3 }.Save(several);
        string file = _folder.Write("reviews.jsonl", JsonSerializer.Serialize(new { review = text, text = "not this" }) + "\n");
        Outcome outcome = Atenea.Run("predict", several, "--input", file);
        Assert.Contains("1 of 1 texts were longer than 8 tokens", outcome.Error, StringComparison.Ordinal);
        using var pipeline = TextClassificationPipeline.Load(several);
        TextClassification expected = pipeline.Classify(text);
        Assert.Equal(expected.Scores, outcome.Json.GetProperty("probabilities").EnumerateObject().Select(p => p.Value.GetSingle()));
        Assert.Equal(expected.PositiveLabels, outcome.Json.GetProperty("labels").EnumerateArray().Select(label => label.GetString()));
        Assert.Equal(Labels.Length, expected.PositiveLabels!.Count);
        Assert.NotEqual(before.GetProperty("score").GetSingle(), expected.Score);
        using var whole = TextClassificationPipeline.Load(several, new TextClassificationOptions { MaxLength = 64, Temperature = 1 });
        Assert.Equal(before.GetProperty("score").GetSingle(), whole.Classify(text).Score);
    }

    [Fact]
    public void Several_labels_have_a_list_and_a_regression_has_values()
    {
        string several = TinyModel.Write(_folder.File("several"), Labels, ProblemType.MultiLabelClassification);
        JsonElement answer = Atenea.Run("predict", several, "--text", "some words", "--json").Json;
        string[] above = [.. answer.GetProperty("probabilities").EnumerateObject().Where(p => p.Value.GetDouble() > 0.5)
            .OrderByDescending(p => p.Value.GetDouble()).Select(p => p.Name)];
        Assert.Equal(above, answer.GetProperty("labels").EnumerateArray().Select(l => l.GetString()));

        string regression = TinyModel.Write(_folder.File("regression"), ["stars"], ProblemType.Regression);
        answer = Atenea.Run("predict", regression, "--text", "some words", "--json").Json;
        Assert.Equal("stars", answer.GetProperty("label").GetString());
        Assert.Equal(answer.GetProperty("score").GetDouble(), answer.GetProperty("values").GetProperty("stars").GetDouble());
        Assert.False(answer.TryGetProperty("probabilities", out _));
    }

    [Fact]
    public async Task A_reader_that_goes_away_ends_it_quietly()
    {
        using System.Diagnostics.Process process = Atenea.Start(["predict", _model], new());
        Task<string> error = process.StandardError.ReadToEndAsync();
        process.StandardOutput.Close();
        for (int i = 0; i < 10_000; i++)
        {
            try
            {
                process.StandardInput.WriteLine("some words");
            }
            catch (IOException)
            {
                break; // The program has ended, as it should.
            }
        }

        try
        {
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // What was still in the buffer has no reader either.
        }

        Assert.True(process.WaitForExit(60_000));
        Assert.Equal(0, process.ExitCode);
        Assert.Equal("", await error);
    }

    [Fact]
    public void Wrong_use_and_wrong_data_are_refused()
    {
        string good = _folder.Write("good.txt", "one\n");
        Refused("ATN0411", "no-such-model", "--text", "x");
        Refused("ATN0551", "all-MiniLM-L6-v2", "--text", "x");
        Refused("ATN0104", _model, "--text", "x", "--input", good);
        Refused("ATN0401", _model, "--input", _folder.File("missing.jsonl"));
        Refused("ATN0201", _model, "--input", _folder.Write("in.doc", "one\n"));
        Directory.CreateDirectory(_folder.File("folder.txt"));
        Refused("ATN0402", _model, "--input", _folder.File("folder.txt"));
        Refused("ATN0506", _model, "--text", "x", "--max-length", "65");
        Refused("ATN0103", _model, "--text", "x", "--max-length", "many");
        Refused("ATN0403", _model, "--input", good, "--output", Path.Combine(good, "out.jsonl"));
    }

    [Fact]
    public void A_column_that_is_not_there_is_named_with_those_that_are()
    {
        Outcome outcome = Atenea.Run("predict", _model, "--input", _folder.Write("in.csv", "txt,label\none,joy\n"));
        outcome.AssertRefused("ATN0205");
        Assert.Contains("txt, label", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("--column", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_line_is_named_and_no_half_file_is_left()
    {
        string input = _folder.Write("in.jsonl", "{\"text\":\"one\"}\n{\"text\":\n");
        Outcome outcome = Atenea.Run("predict", _model, "--input", input, "--output", _folder.File("out.jsonl"));
        outcome.AssertRefused("ATN0202");
        Assert.Contains("line 2", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(["in.jsonl"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName));

        outcome = Atenea.Run("predict", _model, "--input", _folder.Write("in.jsonl", "{\"text\":\"one\"}\n{\"other\":1}\n"));
        Assert.Equal(2, outcome.Exit);
        Assert.StartsWith("ATN0205", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("line 2", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.safetensors", "ATN0404")]
    [InlineData("config.json", "ATN0409")]
    [InlineData("tokenizer.json", "ATN0301")]
    public void A_damaged_model_is_refused(string file, string code)
    {
        string path = Path.Combine(_model, file);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^100]);
        Atenea.Run("predict", _model, "--text", "x").AssertRefused(code);
    }

    private static void AssertAnswer(TextClassification expected, JsonElement line)
    {
        Assert.Equal(expected.Label, line.GetProperty("label").GetString());
        Assert.Equal(expected.Score, line.GetProperty("score").GetSingle());
        JsonProperty[] probabilities = [.. line.GetProperty("probabilities").EnumerateObject()];
        Assert.Equal(Labels, probabilities.Select(p => p.Name));
        Assert.Equal(expected.Scores, probabilities.Select(p => p.Value.GetSingle()));
        Assert.Equal(1, probabilities.Sum(p => p.Value.GetDouble()), 1e-6);
    }

    private static void Refused(string code, params string[] args) => Atenea.Run(["predict", .. args]).AssertRefused(code);
}
