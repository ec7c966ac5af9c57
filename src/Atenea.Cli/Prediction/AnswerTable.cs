using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Atenea.Pipelines;
using Spectre.Console;

namespace Atenea.Cli;

/// <summary>Answers as a table, for people: one row or several per text.</summary>
internal static class AnswerTable
{
    private const int NumbersShown = 6;

    /// <summary>The table of answers of one task.</summary>
    public static Table Of(IReadOnlyList<TaskAnswer> answers)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("text");
        if (answers.Count == 0) return table;
        foreach (string column in Columns(answers[0].Answer)) table.AddColumn(Markup.Escape(column));
        foreach ((string asked, IAnswer answer) in answers)
        {
            string text = Markup.Escape(asked); // Once, beside the first of its rows.
            foreach (string[] cells in Rows(answer).DefaultIfEmpty(["[dim](none)[/]"]))
            {
                table.AddRow([text, .. cells]);
                text = "";
            }
        }

        return table;
    }

    private static IReadOnlyList<string> Columns(IAnswer answer) => answer switch
    {
        TextClassification classes => ["label", .. classes.Labels],
        TokenClassification => ["entity", "word", "score", "place"],
        QuestionAnswers => ["answer", "score", "place"],
        MaskFillings => ["mask", "word", "score", "sequence"],
        NextSentence or ZeroShotClassification => ["label", "score"],
        TokenFeatures => ["token", "vector"],
        TextSimilarity => ["score"],
        _ => ["answer"],
    };

    // Cells are markup.
    private static IEnumerable<string[]> Rows(IAnswer answer) => answer switch
    {
        TextClassification classes => [Row(classes)],
        TokenClassification entities => entities.Select(Row),
        QuestionAnswers answers => answers.Select(Row),
        MaskFillings masks => masks.SelectMany((fillings, i) => fillings.Select(filling => Row(i + 1, filling))),
        NextSentence next => [[Best(next.Label), Score(next.Score)]],
        ZeroShotClassification candidates => candidates.Labels.Zip(candidates.Scores, Row),
        TokenFeatures features => features.Tokens.Zip(features.Values, Row),
        TextSimilarity similarity => [[$"[bold]{Score(similarity.Score)}[/]"]],
        _ => [[Markup.Escape(Json(answer))]],
    };

    private static string[] Row(TextClassification answer) =>
    [
        Best(answer.Label),
        .. answer.Labels.Zip(answer.Scores, (label, score) => $"[{(label == answer.Label ? "bold" : "dim")}]{Score(score)}[/]"),
    ];

    private static string[] Row(string label, double score) => [Markup.Escape(label), Score(score)];

    private static string[] Row(TokenEntity entity) =>
        [Best(entity.Label), Markup.Escape(entity.Word), Score(entity.Score), $"[dim]{entity.Start}-{entity.End}[/]"];

    private static string[] Row(Answer answer) =>
        [answer.Text.Length == 0 ? "[dim](no answer)[/]" : Best(answer.Text), Score(answer.Score), $"[dim]{answer.Start}-{answer.End}[/]"];

    private static string[] Row(int mask, MaskFilling filling) =>
        [$"{mask}", Best(filling.TokenText), Score(filling.Score), $"[dim]{Markup.Escape(filling.Sequence)}[/]"];

    private static string[] Row(string token, float[] vector)
    {
        string numbers = string.Join(' ', vector.Take(NumbersShown).Select(number => FormattableString.Invariant($"{number,8:0.0000}")));
        return [Markup.Escape(token), $"[dim]{numbers}{(vector.Length > NumbersShown ? " …" : "")}[/]"];
    }

    private static string Best(string text) => $"[bold green]{Markup.Escape(text)}[/]";

    private static string Score(double score) => score.ToString("0.0000", CultureInfo.InvariantCulture);

    // A task that a program has added.
    private static string Json(IAnswer answer)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping })) answer.WriteTo(json);
        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
