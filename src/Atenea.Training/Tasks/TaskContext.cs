using Atenea.Hub;
using Atenea.Tokenizers;

namespace Atenea.Training;

/// <summary>What a task is made for.</summary>
public sealed record TaskContext
{
    /// <summary>What was asked for; a task reads its own settings from here.</summary>
    public required RunConfig Config { get; init; }

    /// <summary>The configuration of the model that training starts from, or that is evaluated.</summary>
    public required ModelConfig Model { get; init; }

    /// <summary>The model's tokenizer.</summary>
    public required Tokenizer Tokenizer { get; init; }

    /// <summary>The most tokens that model and tokenizer take.</summary>
    public required int LongestSequence { get; init; }

    /// <summary>Threads for making features; 0 for one per processor.</summary>
    public int Threads { get; init; }

    /// <summary>Told what is out of the ordinary.</summary>
    public Action<string> Notice { get; init; } = _ => { };
}
