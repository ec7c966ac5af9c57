using Atenea.Errors;

namespace Atenea.Pipelines;

/// <summary>What a row was asked, and the answer.</summary>
/// <param name="Text">What was asked about, for people.</param>
/// <param name="Answer">The answer.</param>
public readonly record struct TaskAnswer(string Text, IAnswer Answer);

/// <summary>
/// A loaded pipeline as programs use it that do not know its task: rows in, answers out, in order and in memory that does not grow with
/// their number.
/// </summary>
public abstract class TaskPipeline : IDisposable
{
    /// <summary>Longest sequence in tokens.</summary>
    public abstract int MaxLength { get; }

    /// <summary>Answers rows as they come.</summary>
    /// <exception cref="AteneaException">A row lacks a text that the task needs (ATN0205), or as the pipeline says.</exception>
    public abstract IEnumerable<TaskAnswer> Answer(IEnumerable<TextRow> rows);

    /// <inheritdoc/>
    public abstract void Dispose();
}

/// <summary>A built-in pipeline as one of rows.</summary>
/// <param name="pipeline">The pipeline, which becomes its own.</param>
/// <param name="read">What a row asks.</param>
/// <param name="answer">Answers a stream.</param>
/// <param name="shown">What was asked, for people.</param>
internal sealed class TaskPipeline<TInput, TAnswer>(
    Pipeline pipeline, Func<TextRow, TInput> read, Func<IEnumerable<TInput>, IEnumerable<TAnswer>> answer, Func<TInput, string> shown)
    : TaskPipeline
    where TAnswer : IAnswer
{
    public override int MaxLength => pipeline.MaxLength;

    public override IEnumerable<TaskAnswer> Answer(IEnumerable<TextRow> rows)
    {
        var asked = new Queue<TInput>(); // What the pipeline has read and not answered yet.
        foreach (TAnswer each in answer(Remembered())) yield return new TaskAnswer(shown(asked.Dequeue()), each);

        IEnumerable<TInput> Remembered()
        {
            foreach (TextRow row in rows)
            {
                TInput input = read(row);
                asked.Enqueue(input);
                yield return input;
            }
        }
    }

    public override void Dispose() => pipeline.Dispose();
}
