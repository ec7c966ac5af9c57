using System.Text.Json;
using Atenea.Errors;
using Atenea.Hub;
using Atenea.Models;
using Atenea.Tensors;
using Atenea.Tokenizers;

namespace Atenea.Pipelines;

/// <summary>Whether a second text follows a first.</summary>
/// <param name="Score">The probability that it does.</param>
public sealed record NextSentence(double Score) : IAnswer
{
    private const double Half = 0.5;

    /// <summary><c>is_next</c> where it is likelier that the second text follows, else <c>not_next</c>.</summary>
    public string Label => Score > Half ? "is_next" : "not_next";

    /// <summary>Writes <c>{"label": "is_next" | "not_next", "score": ...}</c>, the score being the probability that it follows.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("label", Label);
        json.WriteNumber("score", Score);
        json.WriteEndObject();
    }
}

/// <summary>
/// Pairs of texts in, the probability out that the second follows the first: what BERT was trained for beside masked words
/// (Devlin et al. 2019, section 3.1, task 2). Of a pair longer than <see cref="Pipeline.MaxLength"/> the end is cut.
/// </summary>
/// <example><code>
/// using var pipeline = NextSentencePipeline.Load("bert-base-uncased");
/// NextSentence answer = pipeline.Predict("He opened the door.", "The room was empty.");
/// Console.WriteLine($"{answer.Label}: {answer.Score:0.000}");
/// </code></example>
public sealed class NextSentencePipeline : Pipeline
{
    private readonly PipelineEngine<NextSentencePredictor> _engine;

    private NextSentencePipeline(PipelineEngine<NextSentencePredictor> engine)
        : base(engine, engine.MaxLength, engine.Settings) => _engine = engine;

    /// <summary>Loads a model with a next-sentence head, alone or beside a masked language head, and its tokenizer.</summary>
    /// <param name="model">A run's folder, a model folder, or a hub id (see <see cref="ModelLocator"/>).</param>
    /// <param name="options">Longest sequence, threads and the like; null for the defaults.</param>
    /// <exception cref="AteneaException">
    /// The model is not found or damaged (ATN04xx, ATN05xx), its tokenizer is (ATN03xx), or it has no trained head for this (ATN0551).
    /// </exception>
    public static NextSentencePipeline Load(string model, PipelineOptions? options = null) =>
        new(ModelEngine.Load<NextSentencePredictor>(model, options ?? new PipelineOptions()));

    /// <summary>Whether the second text follows the first.</summary>
    public NextSentence Predict(string first, string second) => Predict([new TextInput(first, second)])[0];

    /// <summary>For many pairs whether the second text follows the first; in the order of the pairs.</summary>
    public IReadOnlyList<NextSentence> Predict(IReadOnlyList<TextInput> pairs)
    {
        Encoding[] encodings = _engine.Encode(pairs);
        var answers = new NextSentence[pairs.Count];
        _engine.Run(encodings, (pass, members) =>
        {
            TensorValues logits = _engine.Model.Forward(pass).Read();
            Span<double> scores = stackalloc double[2];
            for (int row = 0; row < members.Length; row++)
            {
                LogitScores.Compute(ProblemType.SingleLabelClassification, logits.Row(row), scores);
                answers[members[row]] = new NextSentence(scores[0]); // Output 0: it follows.
            }
        });
        return answers;
    }

    /// <summary>Answers pairs as they come, in their order, holding only a window of them at a time.</summary>
    public IEnumerable<NextSentence> PredictStream(IEnumerable<TextInput> pairs) =>
        _engine.Stream(pairs, pair => pair.Length, Predict);
}
