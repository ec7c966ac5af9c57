using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Atenea.Errors;
using Atenea.Hub;
using Atenea.Pipelines;

namespace Atenea.Cli;

/// <summary><c>atenea predict</c>: a model's answers for texts of the command line, a file or standard input.</summary>
internal static class PredictCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var model = new Argument<string>("MODEL") { Description = "A run's folder, a model folder, or the hub id of a model" };
        var task = OptionOf.Text("--task", "TASK",
            $"What to do: {string.Join(", ", PipelineTask.All.Select(t => t.Name))}; as the model's class says if left out");
        var texts = new TextArguments("atenea predict", "answer");
        var pair = OptionOf.Text("--pair", "TEXT", "The second text of --text's first, for tasks on pairs");
        var output = OptionOf.Text(
            "--output", "FILE", "File for the answers, one JSON line per text, in order; standard output if left out");
        var pairColumn = OptionOf.Text("--pair-column", "NAME", "Column of the second texts, for pairs");
        var maxLength = CommonOptions.MaxLength();
        var options = new PredictOptions();
        var command = new AteneaCommand("predict",
            "Ask a model: classes, entities, answers, masked words, vectors; from the command line, a file, or standard input "
            + "(one text a line).",
            "atenea predict runs/emotion --text \"What a wonderful day!\" \"Leave me alone.\"",
            "atenea predict runs/emotion --input tweets.jsonl --output answers.jsonl",
            "cat tweets.txt | atenea predict runs/emotion",
            "atenea predict all-MiniLM-L6-v2 --task sentence-similarity --text \"A cat sits outside.\" "
            + "--pair \"A feline is in the garden.\"");
        command.Arguments.Add(model);
        Option[] common = [task, texts.Texts, pair, texts.Input, output, texts.Column, pairColumn, maxLength];
        foreach (Option option in common.Concat(options.All)) command.Options.Add(option);
        command.SetAction(parse =>
        {
            string? second = parse.GetValue(pair);
            if (second is not null && texts.Given(parse) is not { Length: 1 })
            {
                throw new AteneaException(Catalogue.OptionConflict,
                    "--pair goes with one --text", "atenea predict", "give one --text, or a file with --input and --pair-column");
            }

            IEnumerable<TextRow> rows = texts.Rows(parse, second);
            string name = parse.GetRequiredValue(model);
            PipelineTask chosen = parse.GetValue(task) is { } named ? PipelineTask.Find(named) : PipelineTask.Of(name);
            using TaskPipeline pipeline = chosen.Load(name, options.Read(parse) with
            {
                Threads = CommonOptions.ThreadsOf(parse),
                MaxLength = parse.GetValue(maxLength),
                TextColumn = texts.NamedColumn(parse),
                PairColumn = second is null ? parse.GetValue(pairColumn) : TextRow.UsualPair,
            });
            string? target = parse.GetValue(output);
            bool isTable = texts.Given(parse) is not null && !parse.GetValue(CommonOptions.Json);
            if (target is not null) AtomicFile.Write(target, stream => Predict(pipeline, rows, stream, terminal));
            else if (isTable) Print(pipeline, rows, terminal);
            else Predict(pipeline, rows, terminal.OutputStream, terminal);
        });
        return command;
    }

    /// <summary>Answers every row with one JSON line, in order and in memory that does not grow with their number.</summary>
    private static void Predict(TaskPipeline pipeline, IEnumerable<TextRow> rows, Stream stream, Terminal terminal)
    {
        var buffered = new BufferedStream(stream, 1 << 16); // Not disposed: the stream stays the caller's.
        using var json = new Utf8JsonWriter(buffered, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        using var count = new TextCount(terminal);
        long truncated = 0;
        foreach ((_, IAnswer answer) in pipeline.Answer(rows))
        {
            json.Reset();
            answer.WriteTo(json);
            json.Flush();
            buffered.WriteByte((byte)'\n');
            if (answer.WasTruncated) truncated++;
            count.Add();
        }

        buffered.Flush();
        count.Clear();
        TellTruncated(truncated, count.Texts, pipeline, terminal);
        terminal.Error.WriteLine($"{count.Texts} texts in {count.Time}");
    }

    private static void Print(TaskPipeline pipeline, IEnumerable<TextRow> rows, Terminal terminal)
    {
        TaskAnswer[] answers = [.. pipeline.Answer(rows)];
        terminal.Rich.Write(AnswerTable.Of(answers));
        TellTruncated(answers.Count(each => each.Answer.WasTruncated), answers.Length, pipeline, terminal);
    }

    private static void TellTruncated(long truncated, long texts, TaskPipeline pipeline, Terminal terminal)
    {
        if (truncated == 0) return;
        terminal.Error.WriteLine($"{truncated} of {texts} texts were longer than {pipeline.MaxLength} tokens and were cut");
    }
}
