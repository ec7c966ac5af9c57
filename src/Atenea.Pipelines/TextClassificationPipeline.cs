using Atenea.Errors;
using Atenea.Hub;
using Atenea.Models;
using Atenea.Tensors;
using Atenea.Tokenizers;

namespace Atenea.Pipelines;

/// <summary>
/// Texts in, classes and probabilities out. An answer depends on its text alone, to the last bit: not on what else was asked, nor on the
/// number of threads. Safe for use from many threads; they take turns.
/// </summary>
/// <example><code>
/// using var classifier = TextClassificationPipeline.Load("runs/emotion");
/// TextClassification answer = classifier.Classify("What a wonderful day!");
/// Console.WriteLine($"{answer.Label}: {answer.Score}");
/// </code></example>
public sealed class TextClassificationPipeline : IDisposable
{
    private readonly Lock _turn = new();
    private readonly SequenceClassifier _model;
    private readonly Tokenizer _tokenizer;
    private readonly TextClassificationOptions _options;
    private readonly EncodeOptions _encoding;
    private readonly WorkerTeam _team;
    private readonly Tape _tape;
    private readonly InputBatch _batch = new();

    private TextClassificationPipeline(SequenceClassifier model, Tokenizer tokenizer, TextClassificationOptions options)
    {
        _model = model;
        _tokenizer = tokenizer;
        _options = options;
        MaxLength = LongestSequence(model, tokenizer, options.MaxLength);
        _encoding = new EncodeOptions { MaxLength = MaxLength };
        Function = options.Function ?? Scores.FunctionFor(model.ProblemType, model.Labels.Count);
        _team = new WorkerTeam(options.Threads);
        _tape = new Tape(_team);
    }

    /// <summary>The model's classes, in the order of their ids.</summary>
    public IReadOnlyList<string> Labels => _model.Labels;

    /// <summary>What the outputs mean; null when the model's config.json does not say.</summary>
    public ProblemType? ProblemType => _model.ProblemType;

    /// <summary>What turns outputs into scores.</summary>
    public ScoreFunction Function { get; }

    /// <summary>Longest sequence in tokens, special tokens included.</summary>
    public int MaxLength { get; }

    /// <summary>Loads a classifier and its tokenizer.</summary>
    /// <param name="model">A run's folder, a model folder, or a hub id (see <see cref="ModelLocator"/>).</param>
    /// <param name="options">Longest sequence, threads and the like; null for the defaults.</param>
    /// <exception cref="AteneaException">
    /// The model is not found or damaged (ATN04xx, ATN05xx), its tokenizer is (ATN03xx), or it has no trained classification head (ATN0551).
    /// </exception>
    public static TextClassificationPipeline Load(string model, TextClassificationOptions? options = null)
    {
        LocatedModel located = ModelLocator.Find(model);
        SequenceClassifier classifier = ModelLoader.Load<SequenceClassifier>(located.Folder, new ModelLoadOptions { RequireTrainedHead = true });
        try
        {
            return new TextClassificationPipeline(classifier, Tokenizer.FromDirectory(located.Folder), options ?? new TextClassificationOptions());
        }
        catch
        {
            classifier.Dispose();
            throw;
        }
    }

    /// <summary>Classifies one text or pair.</summary>
    /// <param name="input">The text; a string will do.</param>
    public TextClassification Classify(TextInput input) => Classify([input])[0];

    /// <summary>Classifies many texts or pairs; the answers are in the order of the texts.</summary>
    /// <param name="inputs">The texts.</param>
    public IReadOnlyList<TextClassification> Classify(IReadOnlyList<TextInput> inputs)
    {
        Encoding[] encodings = _tokenizer.EncodeBatch([.. inputs.Select(i => i.Text)],
            inputs.Any(i => i.Pair is not null) ? [.. inputs.Select(i => i.Pair)] : null, _encoding, _options.Threads);
        var answers = new TextClassification[inputs.Count];
        lock (_turn)
        {
            foreach (int[] members in TokenBudget.Split([.. encodings.Select(e => e.Count)], _options.BatchTokens)) Run(encodings, members, answers);
        }
        return answers;
    }

    /// <summary>
    /// Classifies texts as they come and gives the answers in their order, holding only a window of them at a time: a file of any size
    /// takes the same memory.
    /// </summary>
    /// <param name="inputs">The texts, read as they are needed.</param>
    public IEnumerable<TextClassification> ClassifyStream(IEnumerable<TextInput> inputs)
    {
        var window = new List<TextInput>();
        long characters = 0;
        foreach (TextInput input in inputs)
        {
            window.Add(input);
            characters += input.Length;
            if (window.Count < _options.WindowTexts && characters < _options.WindowCharacters) continue;
            foreach (TextClassification answer in Classify(window)) yield return answer;
            window.Clear();
            characters = 0;
        }
        foreach (TextClassification answer in Classify(window)) yield return answer;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _tape.Dispose();
        _team.Dispose();
        _model.Dispose();
    }

    private static int LongestSequence(SequenceClassifier model, Tokenizer tokenizer, int? wanted)
    {
        int longest = Math.Min(model.Encoder.MaxPositions, tokenizer.ModelMaxLength ?? int.MaxValue);
        int special = tokenizer.CountSpecialTokens(pair: false);
        if (wanted is not { } length) return longest;
        if (length > special && length <= model.Encoder.MaxPositions) return length;
        throw new AteneaException(Catalogue.SequenceTooLong,
            $"a length of {length} was asked for; the model takes {special + 1} to {model.Encoder.MaxPositions} tokens", null, "choose a length within these limits");
    }

    private void Run(Encoding[] encodings, int[] members, TextClassification[] answers)
    {
        _batch.Clear();
        foreach (int i in members) _batch.Add(encodings[i].Ids, _tokenizer.GivesTypeIds ? encodings[i].TypeIds : default);
        _tape.Begin(TapeMode.Inference);
        Tensor logits = _model.Forward(_tape, _batch);
        for (int row = 0; row < members.Length; row++)
        {
            int i = members[row];
            answers[i] = new TextClassification(Labels, Scores.Apply(Function, logits.Row(row)), encodings[i].Count, encodings[i].TruncatedTokens);
        }
    }
}
