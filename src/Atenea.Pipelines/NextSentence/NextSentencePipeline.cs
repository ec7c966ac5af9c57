using Atenea.Errors;
using Atenea.Hub;
using Atenea.Models;
using Atenea.Tensors;
using Atenea.Tokenizers;

namespace Atenea.Pipelines;

/// <summary>
/// Pairs of texts in, the probability out that the second follows the first: what BERT was trained for beside masked words
/// (Devlin et al. 2019, section 3.1, task 2). Safe for use from many threads, which take turns.
/// </summary>
/// <example><code>
/// using var pipeline = NextSentencePipeline.Load("bert-base-uncased");
/// double follows = pipeline.Predict("He opened the door.", "The room was empty.");
/// </code></example>
public sealed class NextSentencePipeline : IDisposable
{
    private readonly PipelineEngine<NextSentencePredictor> _engine;
    private readonly EncodeOptions _encoding;

    private NextSentencePipeline(PipelineEngine<NextSentencePredictor> engine)
    {
        _engine = engine;
        _encoding = new EncodeOptions { MaxLength = engine.MaxLength };
    }

    /// <summary>Longest sequence in tokens, special tokens included; of a longer pair the end is cut.</summary>
    public int MaxLength => _engine.MaxLength;

    /// <summary>Loads a model with a next-sentence head, alone or beside a masked language head, and its tokenizer.</summary>
    /// <param name="model">A run's folder, a model folder, or a hub id (see <see cref="ModelLocator"/>).</param>
    /// <param name="options">Longest sequence, threads and the like; null for the defaults.</param>
    /// <exception cref="AteneaException">
    /// The model is not found or damaged (ATN04xx, ATN05xx), its tokenizer is (ATN03xx), or it has no trained head for this (ATN0551).
    /// </exception>
    public static NextSentencePipeline Load(string model, PipelineOptions? options = null) =>
        new(ModelEngine.Load<NextSentencePredictor>(model, options ?? new PipelineOptions()));

    /// <summary>The probability that the second text follows the first.</summary>
    public double Predict(string first, string second) => Predict([new TextInput(first, second)])[0];

    /// <summary>For many pairs the probability that the second text follows the first; in the order of the pairs.</summary>
    public IReadOnlyList<double> Predict(IReadOnlyList<TextInput> pairs)
    {
        Encoding[] encodings = _engine.Encode(pairs, _encoding);
        var answers = new double[pairs.Count];
        _engine.Run(encodings, (tape, batch, members) =>
        {
            Tensor logits = _engine.Model.Forward(tape, batch);
            Span<double> scores = stackalloc double[2];
            for (int row = 0; row < members.Length; row++)
            {
                LogitScores.Compute(ProblemType.SingleLabelClassification, logits.Row(row), scores);
                answers[members[row]] = scores[0]; // Output 0: it follows.
            }
        });
        return answers;
    }

    /// <summary>Answers pairs as they come, in their order, holding only a window of them at a time.</summary>
    public IEnumerable<double> PredictStream(IEnumerable<TextInput> pairs) => _engine.Stream(pairs, pair => pair.Length, Predict);

    /// <inheritdoc/>
    public void Dispose() => _engine.Dispose();
}
