using Atenea.Errors;
using Atenea.Hub;
using Atenea.Models;
using Atenea.Tensors;
using Atenea.Tokenizers;

namespace Atenea.Pipelines;

/// <summary>
/// Texts in, named entities (or any classes of tokens) out, with their place in the text. Same answers as transformers' pipeline of that
/// name.
/// </summary>
/// <example><code>
/// using var pipeline = TokenClassificationPipeline.Load("runs/ner");
/// foreach (TokenEntity entity in pipeline.Classify("John Smith lives in Madrid."))
///     Console.WriteLine($"{entity.Label}: {entity.Word} ({entity.Score:0.000})");
/// </code></example>
public sealed class TokenClassificationPipeline : Pipeline
{
    private readonly PipelineEngine<TokenClassifier> _engine;
    private readonly bool _readsWindows;
    private readonly EncodeOptions _encoding;
    private readonly EntityAggregation _aggregation;
    private readonly HashSet<string> _ignored;
    private readonly bool _knowsWords;

    private TokenClassificationPipeline(PipelineEngine<TokenClassifier> engine, TokenClassificationOptions options)
        : base(engine, engine.MaxLength, engine.Settings)
    {
        _engine = engine;
        int? stride = options.Stride ?? engine.Settings.Stride;
        _readsWindows = stride is not null;
        _encoding = new EncodeOptions { MaxLength = engine.MaxLength, Stride = stride ?? 0 };
        _aggregation = new EntityAggregation(Labels, engine.Tokenizer, options.Aggregation);
        _ignored = new HashSet<string>(options.IgnoreLabels, StringComparer.Ordinal);
        _knowsWords = !string.IsNullOrEmpty(engine.Tokenizer.ContinuingSubwordPrefix);
    }

    /// <summary>The model's classes, in the order of their ids.</summary>
    public IReadOnlyList<string> Labels => _engine.Model.Labels;

    /// <summary>Loads a token classifier and its tokenizer.</summary>
    /// <param name="model">A run's folder, a model folder, or a hub id (see <see cref="ModelLocator"/>).</param>
    /// <param name="options">Aggregation, stride, threads and the like; null for the defaults.</param>
    /// <exception cref="AteneaException">
    /// The model is not found or damaged (ATN04xx, ATN05xx), its tokenizer is (ATN03xx), or it has no trained head for this (ATN0551).
    /// </exception>
    public static TokenClassificationPipeline Load(string model, TokenClassificationOptions? options = null)
    {
        options ??= new TokenClassificationOptions();
        return new TokenClassificationPipeline(ModelEngine.Load<TokenClassifier>(model, options), options);
    }

    /// <summary>The entities of one text, in order.</summary>
    /// <param name="input">The text, or its words; a string will do.</param>
    public TokenClassification Classify(TokenInput input) => Classify([input])[0];

    /// <summary>The entities of many texts; the answers are in the order of the texts.</summary>
    public IReadOnlyList<TokenClassification> Classify(IReadOnlyList<TokenInput> inputs)
    {
        var windows = new List<Encoding>();
        int[] ends = new int[inputs.Count];
        for (int i = 0; i < inputs.Count; i++)
        {
            Encoding encoding = inputs[i].Words is { } words
                ? _engine.Tokenizer.EncodeWords(words, options: _encoding)
                : _engine.Tokenizer.Encode(inputs[i].Text, options: _encoding);
            windows.Add(encoding);
            if (_readsWindows) windows.AddRange(encoding.Overflowing);
            ends[i] = windows.Count;
        }

        double[][][] scores = Run(windows);
        var answers = new TokenClassification[inputs.Count];
        for (int i = 0, window = 0; i < answers.Length; i++)
        {
            var entities = new List<TokenEntity>();
            bool several = ends[i] - window > 1;
            for (; window < ends[i]; window++)
            {
                IReadOnlyList<ScoredToken> tokens = Tokens(inputs[i], windows[window], scores[window]);
                entities.AddRange(_aggregation.Aggregate(tokens).Where(entity => !_ignored.Contains(entity.Label)));
            }

            answers[i] = new TokenClassification(inputs[i].Text, several ? EntityAggregation.WithoutOverlaps(entities) : entities);
        }

        return answers;
    }

    /// <summary>The entities of texts as they come, in their order, holding only a window of them at a time.</summary>
    public IEnumerable<TokenClassification> ClassifyStream(IEnumerable<TokenInput> inputs) =>
        _engine.Stream(inputs, input => input.Text.Length, Classify);

    // Probabilities: [windows][tokens][labels].
    private double[][][] Run(List<Encoding> windows)
    {
        var scores = new double[windows.Count][][];
        _engine.Run(windows, (pass, members) =>
        {
            TensorValues logits = _engine.Model.Forward(pass).Read();
            for (int s = 0; s < members.Length; s++)
            {
                double[][] rows = scores[members[s]] = new double[windows[members[s]].Count][];
                for (int token = 0; token < rows.Length; token++)
                {
                    rows[token] = new double[logits.Columns];
                    LogitScores.Compute(ProblemType.SingleLabelClassification, logits.Row(pass.Batch.Offsets[s] + token), rows[token]);
                }
            }
        });
        return scores;
    }

    private List<ScoredToken> Tokens(TokenInput input, Encoding window, double[][] scores)
    {
        int[]? starts = input.Words is { } words ? WordStarts(words) : null;
        var tokens = new List<ScoredToken>(window.Count);
        for (int i = 0; i < window.Count; i++)
        {
            if (window.SpecialTokensMask[i] != 0) continue;
            (int start, int end) = window.Offsets[i];
            int first = starts is not null && window.WordIds[i] != Encoding.None ? starts[window.WordIds[i]] : 0;
            (start, end) = (start + first, end + first);
            string word = _engine.Tokenizer.IdToToken(window.Ids[i]) ?? window.Tokens[i];
            bool unknown = window.Ids[i] == _engine.Tokenizer.UnknownTokenId;
            bool continues = !unknown && ContinuesWord(input.Text, word, start, end);
            tokens.Add(new ScoredToken(unknown ? input.Text[start..end] : word, scores[i], start, end, i, continues));
        }

        return tokens;
    }

    // A tokenizer that marks continuations shows more characters than the text has there. For others it is a guess, the one that
    // transformers makes: no space before it.
    private bool ContinuesWord(string text, string word, int start, int end)
    {
        if (!_engine.Tokenizer.GivesOffsets) return false;
        if (_knowsWords) return CodePoints(word) != CodePoints(text.AsSpan(start, end - start));
        return start > 0 && !text.AsSpan(start - 1, Math.Min(2, text.Length - start + 1)).Contains(' ');
    }

    private static int CodePoints(ReadOnlySpan<char> text)
    {
        int count = text.Length;
        for (int i = 1; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text[i - 1], text[i])) count--;
        }

        return count;
    }

    private static int[] WordStarts(IReadOnlyList<string> words)
    {
        var starts = new int[words.Count];
        for (int i = 1; i < starts.Length; i++) starts[i] = starts[i - 1] + words[i - 1].Length + 1;
        return starts;
    }
}
