using System.Text.Json;

namespace Atenea.Cli;

/// <summary>An answer, as a program and as a person read it.</summary>
/// <param name="Text">What was asked about.</param>
/// <param name="Json">Writes it as one JSON value.</param>
/// <param name="Rows">Its rows of the table, one cell per column of the predictor, as markup.</param>
/// <param name="Truncated">Whether the text was cut.</param>
internal sealed record Prediction(string Text, Action<Utf8JsonWriter> Json, Func<IEnumerable<string[]>> Rows, bool Truncated = false);

/// <summary>
/// A loaded pipeline as <c>atenea predict</c> uses it: rows in, answers out, in order and in memory that does not grow with their number.
/// </summary>
internal abstract class Predictor : IDisposable
{
    /// <summary>Longest sequence in tokens.</summary>
    public abstract int MaxLength { get; }

    /// <summary>The table's columns after the text.</summary>
    public abstract IReadOnlyList<string> Columns { get; }

    /// <summary>Answers rows as they come.</summary>
    public abstract IEnumerable<Prediction> Predict(IEnumerable<PredictionRow> rows);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Puts the answers of a stream beside what was asked.</summary>
    protected static IEnumerable<Prediction> Stream<TInput, TAnswer>(
        IEnumerable<PredictionRow> rows, Func<PredictionRow, TInput> inputOf, Func<IEnumerable<TInput>, IEnumerable<TAnswer>> answer, Func<TInput, TAnswer, Prediction> make)
    {
        var asked = new Queue<TInput>();
        foreach (TAnswer each in answer(Remember())) yield return make(asked.Dequeue(), each);

        IEnumerable<TInput> Remember()
        {
            foreach (PredictionRow row in rows)
            {
                TInput input = inputOf(row);
                asked.Enqueue(input);
                yield return input;
            }
        }
    }
}
