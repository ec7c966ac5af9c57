using Atenea.Errors;
using Atenea.Hub;
using Atenea.Models;
using Atenea.Tensors;
using Atenea.Tokenizers;

namespace Atenea.Pipelines;

/// <summary>
/// Texts and any labels in, the likeliest labels out, without training: a model of natural language inference is asked for each label
/// whether the text entails "This example is LABEL." (Yin, Hay and Roth 2019, https://arxiv.org/abs/1909.00161). Same answers as
/// transformers' pipeline of that name; of a sequence longer than <see cref="Pipeline.MaxLength"/> the text is cut, the hypothesis is not.
/// </summary>
/// <example><code>
/// using var pipeline = ZeroShotClassificationPipeline.Load("roberta-large-mnli");
/// ZeroShotClassification answer = pipeline.Classify("The battery died after two days.", ["hardware", "price", "shipping"]);
/// </code></example>
public sealed class ZeroShotClassificationPipeline : Pipeline
{
    private const string Placeholder = "{}";
    private const string EntailmentStem = "entail";

    private readonly PipelineEngine<SequenceClassifier> _engine;
    private readonly EncodeOptions _encoding;
    private readonly int _entailment;
    private readonly int _contradiction;

    private ZeroShotClassificationPipeline(PipelineEngine<SequenceClassifier> engine)
        : base(engine, engine.MaxLength, engine.Settings)
    {
        _engine = engine;
        // The text is what is cut: a hypothesis must stay whole.
        _encoding = new EncodeOptions { MaxLength = engine.MaxLength, Truncation = TruncationStrategy.OnlyFirst };
        IReadOnlyList<string> labels = engine.Model.Labels;
        _entailment = labels.ToList().FindIndex(label => label.StartsWith(EntailmentStem, StringComparison.OrdinalIgnoreCase));
        if (_entailment < 0 || labels.Count < 2)
            throw new AteneaException(Catalogue.EntailmentMissing, $"its labels are {string.Join(", ", labels)}");
        _contradiction = _entailment == 0 ? labels.Count - 1 : 0;
    }

    /// <summary>Loads a classifier of natural language inference and its tokenizer.</summary>
    /// <param name="model">A run's folder, a model folder, or a hub id (see <see cref="ModelLocator"/>).</param>
    /// <param name="options">Longest sequence, threads and the like; null for the defaults.</param>
    /// <exception cref="AteneaException">
    /// The model is not found or damaged (ATN04xx, ATN05xx), its tokenizer is (ATN03xx), it has no trained head (ATN0551), or none of its
    /// labels is entailment (ATN0554).
    /// </exception>
    public static ZeroShotClassificationPipeline Load(string model, PipelineOptions? options = null)
    {
        var engine = ModelEngine.Load<SequenceClassifier>(model, options ?? new PipelineOptions());
        try
        {
            return new ZeroShotClassificationPipeline(engine);
        }
        catch
        {
            engine.Dispose();
            throw;
        }
    }

    /// <summary>The candidates of one text by falling score.</summary>
    /// <param name="text">The text.</param>
    /// <param name="labels">Candidates, at least one.</param>
    /// <param name="options">Hypothesis, one label or several; null for the defaults.</param>
    /// <exception cref="AteneaException">There is no candidate, or the hypothesis has no place for it (ATN0555).</exception>
    public ZeroShotClassification Classify(string text, IReadOnlyList<string> labels, ZeroShotOptions? options = null) =>
        Classify([text], labels, options)[0];

    /// <summary>The candidates of many texts; the answers are in the order of the texts.</summary>
    /// <inheritdoc cref="Classify(string, IReadOnlyList{string}, ZeroShotOptions?)"/>
    public IReadOnlyList<ZeroShotClassification> Classify(
        IReadOnlyList<string> texts, IReadOnlyList<string> labels, ZeroShotOptions? options = null)
    {
        options ??= new ZeroShotOptions();
        string[] hypotheses = Hypotheses(labels, options);
        TextInput[] pairs = [.. texts.SelectMany(text => hypotheses.Select(hypothesis => new TextInput(text, hypothesis)))];
        Encoding[] encodings = _engine.Encode(pairs, _encoding);
        var entailment = new float[encodings.Length];
        var contradiction = new float[encodings.Length];
        _engine.Run(encodings, (pass, members) =>
        {
            TensorValues logits = _engine.Model.Forward(pass).Read();
            for (int row = 0; row < members.Length; row++)
            {
                entailment[members[row]] = logits.Row(row)[_entailment];
                contradiction[members[row]] = logits.Row(row)[_contradiction];
            }
        });

        return
        [
            .. texts.Select((text, i) =>
            {
                int first = i * labels.Count;
                double[] scores = options.MultiLabel || labels.Count == 1
                    ? [.. Enumerable.Range(first, labels.Count).Select(pair => Softmax([contradiction[pair], entailment[pair]])[1])]
                    : Softmax(entailment.AsSpan(first, labels.Count));
                int[] order = [.. Enumerable.Range(0, labels.Count).OrderByDescending(k => scores[k])];
                return new ZeroShotClassification(text, [.. order.Select(k => labels[k])], [.. order.Select(k => scores[k])]);
            }),
        ];
    }

    /// <summary>Classifies texts as they come, in their order, holding only a window of them at a time.</summary>
    /// <inheritdoc cref="Classify(string, IReadOnlyList{string}, ZeroShotOptions?)"/>
    public IEnumerable<ZeroShotClassification> ClassifyStream(
        IEnumerable<string> texts, IReadOnlyList<string> labels, ZeroShotOptions? options = null) =>
        _engine.Stream(texts, text => text.Length, window => Classify(window, labels, options));

    private static string[] Hypotheses(IReadOnlyList<string> labels, ZeroShotOptions options)
    {
        if (labels.Count == 0) throw new AteneaException(Catalogue.CandidatesWrong, "there is no candidate label");
        if (!options.HypothesisTemplate.Contains(Placeholder, StringComparison.Ordinal))
            throw new AteneaException(Catalogue.CandidatesWrong, $"the hypothesis '{options.HypothesisTemplate}' has no {Placeholder}");
        return [.. labels.Select(label => options.HypothesisTemplate.Replace(Placeholder, label, StringComparison.Ordinal))];
    }

    private static double[] Softmax(ReadOnlySpan<float> logits)
    {
        var scores = new double[logits.Length];
        LogitScores.Compute(ProblemType.SingleLabelClassification, logits, scores);
        return scores;
    }
}
