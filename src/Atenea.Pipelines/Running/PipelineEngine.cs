using Atenea.Data;
using Atenea.Errors;
using Atenea.Hub;
using Atenea.Models;
using Atenea.Tensors;
using Atenea.Tokenizers;

namespace Atenea.Pipelines;

/// <summary>
/// What every pipeline runs on: a model, its tokenizer and a tape. It puts encodings into batches of similar lengths and runs each once;
/// several threads may ask, and take turns. No answer depends on its batch.
/// </summary>
/// <typeparam name="TModel">The class of the model, a <see cref="Atenea.Models.Model"/> or what is built on one.</typeparam>
internal sealed class PipelineEngine<TModel> : IDisposable
    where TModel : class, IDisposable
{
    private readonly Lock _turn = new();
    private readonly PipelineOptions _options;
    private readonly Backend _backend;
    private readonly Tape _tape;
    private readonly InputBatch _batch = new();
    private readonly ForwardPass _pass;

    /// <summary>Loads a model and its tokenizer.</summary>
    /// <param name="model">A run's folder, a model folder, or a hub id (see <see cref="ModelLocator"/>).</param>
    /// <param name="options">Longest sequence, threads and the like.</param>
    /// <param name="load">Loads a folder's model.</param>
    /// <param name="longest">The most tokens of a sequence that a model takes.</param>
    /// <exception cref="AteneaException">
    /// The model is not found or damaged (ATN04xx, ATN05xx), its tokenizer is (ATN03xx), or the length asked for is out of its reach
    /// (ATN0506).
    /// </exception>
    public PipelineEngine(string model, PipelineOptions options, Func<string, TModel> load, Func<TModel, int> longest)
    {
        string folder = ModelLocator.Find(model).Folder;
        Model = load(folder);
        try
        {
            Tokenizer = Tokenizer.FromDirectory(folder);
            Settings = ModelSettings.Load(folder);
            MaxLength = LongestSequence(options.MaxLength, longest(Model));
        }
        catch
        {
            Model.Dispose(); // Nobody else will: the caller never gets this object.
            throw;
        }

        _options = options;
        _backend = Backend.Create(threads: options.Threads);
        _tape = new Tape(_backend);
        _pass = new ForwardPass(_tape, _batch);
    }

    /// <summary>Reads a batch's results from the tape.</summary>
    /// <param name="pass">A pass over the sequences; its tape has begun an inference step.</param>
    /// <param name="members">Which encodings they are, in the batch's order.</param>
    public delegate void BatchAction(ForwardPass pass, ReadOnlySpan<int> members);

    /// <summary>The model.</summary>
    public TModel Model { get; }

    /// <summary>Its tokenizer.</summary>
    public Tokenizer Tokenizer { get; }

    /// <summary>What it was trained with.</summary>
    public ModelSettings Settings { get; }

    /// <summary>Longest sequence in tokens, special tokens included: as asked for, as trained, or as model and tokenizer allow.</summary>
    public int MaxLength { get; }

    /// <summary>Encodes texts or pairs on the pipeline's threads.</summary>
    /// <param name="inputs">The texts or pairs.</param>
    /// <param name="options">How; null cuts them at <see cref="MaxLength"/>.</param>
    public Encoding[] Encode(IReadOnlyList<TextInput> inputs, EncodeOptions? options = null)
    {
        string?[]? pairs = inputs.Any(i => i.Pair is not null) ? [.. inputs.Select(i => i.Pair)] : null;
        options ??= new EncodeOptions { MaxLength = MaxLength };
        return Tokenizer.EncodeBatch([.. inputs.Select(i => i.Text)], pairs, options, _options.Threads);
    }

    /// <summary>Runs the model over encodings, batch by batch, the longest ones first.</summary>
    public void Run(IReadOnlyList<Encoding> encodings, BatchAction action)
    {
        lock (_turn)
        {
            foreach (ReadOnlyMemory<int> members in TokenBudget.Split([.. encodings.Select(e => e.Count)], _options.BatchTokens))
            {
                _batch.Clear();
                foreach (int i in members.Span) _batch.Add(encodings[i].Ids, Tokenizer.GivesTypeIds ? encodings[i].TypeIds : default);
                _tape.Begin(TapeMode.Inference);
                action(_pass, members.Span);
            }
        }
    }

    /// <summary>
    /// Answers inputs as they come and in their order, holding only a window of them: a file of any size takes the same memory.
    /// </summary>
    /// <param name="inputs">Read as they are needed.</param>
    /// <param name="length">Characters of an input.</param>
    /// <param name="answer">Answers a window of inputs, one answer each.</param>
    public IEnumerable<TAnswer> Stream<TInput, TAnswer>(
        IEnumerable<TInput> inputs, Func<TInput, int> length, Func<IReadOnlyList<TInput>, IReadOnlyList<TAnswer>> answer)
    {
        var window = new List<TInput>();
        long characters = 0;
        foreach (TInput input in inputs)
        {
            window.Add(input);
            characters += length(input);
            if (window.Count < _options.WindowTexts && characters < _options.WindowCharacters) continue;
            foreach (TAnswer each in answer(window)) yield return each;
            window.Clear();
            characters = 0;
        }

        foreach (TAnswer each in answer(window)) yield return each;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _tape.Dispose();
        _backend.Dispose();
        Model.Dispose();
    }

    private int LongestSequence(int? wanted, int positions)
    {
        int special = Tokenizer.CountSpecialTokens(pair: false);
        if (wanted is not { } length)
            return Math.Min(positions, Math.Min(Tokenizer.ModelMaxLength ?? int.MaxValue, Settings.MaxLength ?? int.MaxValue));
        if (length > special && length <= positions) return length;
        throw new AteneaException(Catalogue.SequenceTooLong,
            $"a length of {length} was asked for; the model takes {special + 1} to {positions} tokens",
            remedy: "choose a length within these limits");
    }
}
