using System.Text.Json;
using Atenea.Errors;
using Atenea.Hub;
using Atenea.Models;
using Atenea.Tensors;
using Atenea.Tokenizers;

namespace Atenea.Pipelines;

/// <summary>How similar two texts are.</summary>
/// <param name="Score">Cosine of the angle between their vectors, in [-1, 1].</param>
public sealed record TextSimilarity(double Score) : IAnswer
{
    /// <summary>Writes <c>{"score": ...}</c>.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("score", Score);
        json.WriteEndObject();
    }
}

/// <summary>
/// Texts in, one vector per text out: semantic search, clustering, similarity. Takes models of sentence-transformers as they are, and any
/// encoder (the mean of its tokens). A vector depends on its text alone, to the last bit. Texts longer than
/// <see cref="Pipeline.MaxLength"/> are cut at their end.
/// </summary>
/// <example><code>
/// using var pipeline = SentenceEmbeddingPipeline.Load("all-MiniLM-L6-v2");
/// double similarity = pipeline.Similarity("A cat sits outside.", "A feline is in the garden.");
/// </code></example>
public sealed class SentenceEmbeddingPipeline : Pipeline
{
    private readonly PipelineEngine<SentenceEncoder> _engine;

    private SentenceEmbeddingPipeline(PipelineEngine<SentenceEncoder> engine, string name)
        : base(engine, engine.MaxLength, engine.Settings)
    {
        _engine = engine;
        Name = name;
    }

    /// <summary>The name that the model was loaded by.</summary>
    public string Name { get; }

    /// <summary>Length of a vector.</summary>
    public int Dimension => _engine.Model.Dimension;

    /// <summary>Loads a model of sentence-transformers, or an encoder, and its tokenizer.</summary>
    /// <param name="model">A run's folder, a model folder, or a hub id (see <see cref="ModelLocator"/>).</param>
    /// <param name="options">Longest sequence, threads and the like; null for the defaults.</param>
    /// <exception cref="AteneaException">The model is not found or damaged (ATN04xx, ATN05xx), or its tokenizer is (ATN03xx).</exception>
    public static SentenceEmbeddingPipeline Load(string model, PipelineOptions? options = null)
    {
        options ??= new PipelineOptions();
        return new(new PipelineEngine<SentenceEncoder>(model, options, SentenceEncoder.Load, encoder => encoder.MaxLength), model);
    }

    /// <summary>The vector of one text, [<see cref="Dimension"/>].</summary>
    public float[] Embed(string text) => Embed([text])[0];

    /// <summary>The vectors of many texts; in the order of the texts.</summary>
    public IReadOnlyList<float[]> Embed(IReadOnlyList<string> texts)
    {
        bool lower = _engine.Model.LowerCases;
        Encoding[] encodings = _engine.Encode([.. texts.Select(text => new TextInput(lower ? text.ToLowerInvariant() : text))]);
        var vectors = new float[texts.Count][];
        _engine.Run(encodings, (pass, members) =>
        {
            TensorValues rows = _engine.Model.Forward(pass).Read();
            for (int row = 0; row < members.Length; row++) vectors[members[row]] = rows.Row(row).ToArray();
        });
        return vectors;
    }

    /// <summary>The vectors of texts as they come, in their order, holding only a window of them at a time.</summary>
    public IEnumerable<float[]> EmbedStream(IEnumerable<string> texts) => _engine.Stream(texts, text => text.Length, Embed);

    /// <summary>Cosine of the angle between two texts' vectors, in [-1, 1].</summary>
    public double Similarity(string first, string second) => Similarities(first, [second])[0];

    /// <summary>How similar texts are to one text: the cosines between the vectors, in the order of the texts.</summary>
    public IReadOnlyList<double> Similarities(string source, IReadOnlyList<string> texts)
    {
        IReadOnlyList<float[]> vectors = Embed([source, .. texts]);
        return [.. vectors.Skip(1).Select(vector => Cosine(vectors[0], vector))];
    }

    /// <summary>
    /// For pairs of texts as they come how similar they are, in order, holding only a window of them at a time.
    /// </summary>
    public IEnumerable<TextSimilarity> SimilarityStream(IEnumerable<TextInput> pairs) =>
        _engine.Stream<TextInput, TextSimilarity>(pairs, pair => pair.Length, window =>
        {
            IReadOnlyList<float[]> vectors = Embed([.. window.Select(pair => pair.Text), .. window.Select(pair => pair.Pair ?? "")]);
            return [.. Enumerable.Range(0, window.Count).Select(i => new TextSimilarity(Cosine(vectors[i], vectors[window.Count + i])))];
        });

    /// <summary>Cosine of the angle between two vectors, summed in double precision; 0 if one has no length.</summary>
    /// <exception cref="ArgumentException">The vectors have different lengths.</exception>
    public static double Cosine(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        if (first.Length != second.Length)
            throw new ArgumentException($"vectors of {first.Length} and {second.Length} elements", nameof(second));
        double product = 0, firstSquares = 0, secondSquares = 0;
        for (int i = 0; i < first.Length; i++)
        {
            product += (double)first[i] * second[i];
            firstSquares += (double)first[i] * first[i];
            secondSquares += (double)second[i] * second[i];
        }

        return product == 0 ? 0 : product / Math.Sqrt(firstSquares * secondSquares);
    }
}
