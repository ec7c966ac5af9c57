using Atenea.Errors;
using Atenea.Hub;
using Atenea.Models;
using Atenea.Tensors;
using Atenea.Tokenizers;

namespace Atenea.Pipelines;

/// <summary>
/// Texts in, classes and probabilities out. An answer depends on its text alone, to the last bit: not on what else was asked, nor on the
/// number of threads. Length, threshold and temperature are those that the model was trained with, where the options do not say.
/// </summary>
/// <example><code>
/// using var classifier = TextClassificationPipeline.Load("runs/emotion");
/// TextClassification answer = classifier.Classify("What a wonderful day!");
/// Console.WriteLine($"{answer.Label}: {answer.Score}");
/// </code></example>
public sealed class TextClassificationPipeline : Pipeline
{
    private const double Half = 0.5;

    private readonly PipelineEngine<SequenceClassifier> _engine;
    private readonly ClassificationForm _form;

    private TextClassificationPipeline(PipelineEngine<SequenceClassifier> engine, TextClassificationOptions options)
        : base(engine, engine.MaxLength, engine.Settings)
    {
        _engine = engine;
        _form = new ClassificationForm(
            engine.Model.Labels,
            options.Function ?? Scores.FunctionFor(engine.Model.ProblemType, engine.Model.Labels.Count),
            options.Temperature ?? engine.Settings.Temperature ?? 1,
            options.Threshold ?? engine.Settings.Threshold ?? Half,
            options.TopK);
    }

    /// <summary>The model's classes, in the order of their ids.</summary>
    public IReadOnlyList<string> Labels => _engine.Model.Labels;

    /// <summary>What the outputs mean; null when the model's config.json does not say.</summary>
    public ProblemType? ProblemType => _engine.Model.ProblemType;

    /// <summary>What turns outputs into scores.</summary>
    public ScoreFunction Function => _form.Function;

    /// <summary>Loads a classifier and its tokenizer.</summary>
    /// <param name="model">A run's folder, a model folder, or a hub id (see <see cref="ModelLocator"/>).</param>
    /// <param name="options">Longest sequence, threads and the like; null for the defaults.</param>
    /// <exception cref="AteneaException">
    /// The model is not found or damaged (ATN04xx, ATN05xx), its tokenizer is (ATN03xx), or it has no trained classification head
    /// (ATN0551).
    /// </exception>
    public static TextClassificationPipeline Load(string model, TextClassificationOptions? options = null)
    {
        options ??= new TextClassificationOptions();
        return new TextClassificationPipeline(ModelEngine.Load<SequenceClassifier>(model, options), options);
    }

    /// <summary>Classifies one text or pair.</summary>
    /// <param name="input">The text; a string will do.</param>
    public TextClassification Classify(TextInput input) => Classify([input])[0];

    /// <summary>Classifies many texts or pairs; the answers are in the order of the texts.</summary>
    /// <param name="inputs">The texts.</param>
    public IReadOnlyList<TextClassification> Classify(IReadOnlyList<TextInput> inputs)
    {
        Encoding[] encodings = _engine.Encode(inputs);
        var answers = new TextClassification[inputs.Count];
        _engine.Run(encodings, (pass, members) =>
        {
            TensorValues logits = _engine.Model.Forward(pass).Read();
            for (int row = 0; row < members.Length; row++)
            {
                Encoding encoding = encodings[members[row]];
                float[] scores = Scores.Apply(Function, logits.Row(row), _form.Temperature);
                answers[members[row]] = new TextClassification(_form, scores, encoding.Count, encoding.TruncatedTokens);
            }
        });
        return answers;
    }

    /// <summary>
    /// Classifies texts as they come and gives the answers in their order, holding only a window of them at a time: a file of any size
    /// takes the same memory.
    /// </summary>
    /// <param name="inputs">The texts, read as they are needed.</param>
    public IEnumerable<TextClassification> ClassifyStream(IEnumerable<TextInput> inputs) =>
        _engine.Stream(inputs, input => input.Length, Classify);
}
