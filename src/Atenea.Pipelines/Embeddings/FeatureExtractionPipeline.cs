using System.Text.Json;
using Atenea.Errors;
using Atenea.Hub;
using Atenea.Models;
using Atenea.Tensors;
using Atenea.Tokenizers;

namespace Atenea.Pipelines;

/// <summary>The vectors of a text's tokens.</summary>
/// <param name="Tokens">The tokens, special ones included.</param>
/// <param name="Values">[tokens][hidden size].</param>
public sealed record TokenFeatures(IReadOnlyList<string> Tokens, IReadOnlyList<float[]> Values) : IAnswer
{
    /// <summary>Writes the vectors, <c>[[[...], ...]]</c>: one list of vectors in a list, as transformers has it.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        json.WriteStartArray();
        foreach (float[] vector in Values) json.WriteNumbers(vector);
        json.WriteEndArray();
        json.WriteEndArray();
    }
}

/// <summary>
/// Texts in, the encoder's last hidden state out: one vector per token. Same answers as transformers' pipeline of that name; for one vector
/// per text see <see cref="SentenceEmbeddingPipeline"/>. Texts longer than <see cref="Pipeline.MaxLength"/> are cut at their end.
/// </summary>
/// <example><code>
/// using var pipeline = FeatureExtractionPipeline.Load("bert-base-uncased");
/// TokenFeatures features = pipeline.Extract("Hello world");
/// </code></example>
public sealed class FeatureExtractionPipeline : Pipeline
{
    private readonly PipelineEngine<BaseModel> _engine;

    private FeatureExtractionPipeline(PipelineEngine<BaseModel> engine)
        : base(engine, engine.MaxLength, engine.Settings) => _engine = engine;

    /// <summary>Loads an encoder and its tokenizer.</summary>
    /// <param name="model">A run's folder, a model folder, or a hub id (see <see cref="ModelLocator"/>).</param>
    /// <param name="options">Longest sequence, threads and the like; null for the defaults.</param>
    /// <exception cref="AteneaException">The model is not found or damaged (ATN04xx, ATN05xx), or its tokenizer is (ATN03xx).</exception>
    public static FeatureExtractionPipeline Load(string model, PipelineOptions? options = null) =>
        new(ModelEngine.LoadEncoder(model, options ?? new PipelineOptions()));

    /// <summary>The vectors of one text's tokens.</summary>
    public TokenFeatures Extract(TextInput input) => Extract([input])[0];

    /// <summary>The vectors of many texts' tokens; in the order of the texts.</summary>
    public IReadOnlyList<TokenFeatures> Extract(IReadOnlyList<TextInput> inputs)
    {
        Encoding[] encodings = _engine.Encode(inputs);
        var answers = new TokenFeatures[inputs.Count];
        _engine.Run(encodings, (pass, members) =>
        {
            TensorValues last = _engine.Model.Forward(pass).Read();
            for (int s = 0; s < members.Length; s++)
            {
                Encoding encoding = encodings[members[s]];
                var rows = new float[encoding.Count][];
                for (int token = 0; token < rows.Length; token++) rows[token] = last.Row(pass.Batch.Offsets[s] + token).ToArray();
                answers[members[s]] = new TokenFeatures(encoding.Tokens, rows);
            }
        });
        return answers;
    }

    /// <summary>Answers texts as they come, in their order, holding only a window of them at a time.</summary>
    public IEnumerable<TokenFeatures> ExtractStream(IEnumerable<TextInput> inputs) =>
        _engine.Stream(inputs, input => input.Length, Extract);
}
