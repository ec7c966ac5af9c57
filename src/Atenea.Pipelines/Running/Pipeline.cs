using Atenea.Data;

namespace Atenea.Pipelines;

/// <summary>A loaded model with its tokenizer, which answers. Safe for use from many threads, which take turns.</summary>
public abstract class Pipeline : IDisposable
{
    private readonly IDisposable _engine;

    private protected Pipeline(IDisposable engine, int maxLength, ModelSettings settings)
    {
        _engine = engine;
        MaxLength = maxLength;
        Settings = settings;
    }

    /// <summary>Longest sequence in tokens, special tokens included.</summary>
    public int MaxLength { get; }

    /// <summary>What the model was trained with; the pipeline's options go before it.</summary>
    public ModelSettings Settings { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _engine.Dispose();
        GC.SuppressFinalize(this);
    }
}
