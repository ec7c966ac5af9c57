using System.Text.Json.Nodes;

namespace Atenea.Training;

/// <summary>Is told what happens in a run. Override what is of interest.</summary>
public class TrainingObserver
{
    /// <summary>Something the user should know: truncated rows, newly drawn weights, keys without effect.</summary>
    public virtual void Notice(string text)
    {
    }

    /// <summary>The run is about to make its first step.</summary>
    /// <param name="summary">Model, rows, steps, in a few lines.</param>
    public virtual void Started(string summary)
    {
    }

    /// <summary>Called after every step and evaluated batch; must be quick.</summary>
    public virtual void Progressed(TrainingProgress progress)
    {
    }

    /// <summary>An event was added to the history.</summary>
    /// <param name="entry">The event, as in <c>history.jsonl</c>.</param>
    public virtual void Happened(JsonObject entry)
    {
    }
}
