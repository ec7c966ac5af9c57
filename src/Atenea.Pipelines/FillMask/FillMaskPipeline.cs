using Atenea.Errors;
using Atenea.Hub;
using Atenea.Models;
using Atenea.Tensors;
using Atenea.Tokenizers;

namespace Atenea.Pipelines;

/// <summary>
/// Texts with masks in, the likeliest words out: what a masked language model was trained for. Same answers as transformers' pipeline of
/// that name; texts longer than <see cref="Pipeline.MaxLength"/> are cut at their end.
/// </summary>
/// <example><code>
/// using var pipeline = FillMaskPipeline.Load("bert-base-uncased");
/// foreach (MaskFilling filling in pipeline.Fill($"The capital of France is {pipeline.MaskToken}.")[0])
///     Console.WriteLine($"{filling.TokenText}: {filling.Score:0.000}");
/// </code></example>
public sealed class FillMaskPipeline : Pipeline
{
    /// <summary>Words per mask where nothing is said.</summary>
    public const int UsualCount = 5;

    private readonly PipelineEngine<MaskedLanguageModel> _engine;
    private readonly int _mask;

    private FillMaskPipeline(PipelineEngine<MaskedLanguageModel> engine)
        : base(engine, engine.MaxLength, engine.Settings)
    {
        _engine = engine;
        _mask = engine.Tokenizer.MaskTokenId ?? throw new AteneaException(Catalogue.MaskMissing, "the tokenizer has no mask token");
        MaskToken = engine.Tokenizer.IdToToken(_mask)!;
    }

    /// <summary>How a mask is written in a text.</summary>
    public string MaskToken { get; }

    /// <summary>Loads a masked language model and its tokenizer.</summary>
    /// <param name="model">A run's folder, a model folder, or a hub id (see <see cref="ModelLocator"/>).</param>
    /// <param name="options">Longest sequence, threads and the like; null for the defaults.</param>
    /// <exception cref="AteneaException">
    /// The model is not found or damaged (ATN04xx, ATN05xx), its tokenizer is (ATN03xx) or knows no mask (ATN0552), or it has no trained
    /// head (ATN0551).
    /// </exception>
    public static FillMaskPipeline Load(string model, PipelineOptions? options = null)
    {
        var engine = ModelEngine.Load<MaskedLanguageModel>(model, options ?? new PipelineOptions());
        try
        {
            return new FillMaskPipeline(engine);
        }
        catch
        {
            engine.Dispose();
            throw;
        }
    }

    /// <summary>The likeliest words for each mask of a text.</summary>
    /// <param name="text">A text with one mask or several.</param>
    /// <param name="count">Words per mask.</param>
    /// <param name="targets">Words to choose from; of one that is not in the vocabulary its first piece is taken. Null for all
    /// words.</param>
    /// <returns>For each mask in order its words by falling score.</returns>
    /// <exception cref="AteneaException">The text has no mask, or none within the longest sequence (ATN0552), or no target is a word
    /// (ATN0553).</exception>
    public MaskFillings Fill(string text, int count = UsualCount, IReadOnlyList<string>? targets = null) => Fill([text], count, targets)[0];

    /// <summary>The likeliest words for each mask of each text; the answers are in the order of the texts.</summary>
    /// <inheritdoc cref="Fill(string, int, IReadOnlyList{string}?)"/>
    public IReadOnlyList<MaskFillings> Fill(IReadOnlyList<string> texts, int count = UsualCount, IReadOnlyList<string>? targets = null)
    {
        int[]? choice = targets is null ? null : TargetIds(targets);
        Encoding[] encodings = _engine.Encode([.. texts.Select(TextInput.FromString)]);
        for (int i = 0; i < encodings.Length; i++)
        {
            if (!encodings[i].Ids.Contains(_mask)) throw NoMask(texts[i], encodings[i]);
        }

        var answers = new MaskFillings[texts.Count];
        var rows = new List<int>();
        _engine.Run(encodings, (pass, members) =>
        {
            rows.Clear();
            ReadOnlySpan<int> ids = pass.Batch.Ids.Span;
            for (int token = 0; token < ids.Length; token++)
            {
                if (ids[token] == _mask) rows.Add(token);
            }

            TensorValues logits = _engine.Model.ForwardRows(pass, [.. rows]).Read();
            int row = 0;
            foreach (int member in members)
            {
                int[] places = Places(encodings[member].Ids);
                var fillings = new IReadOnlyList<MaskFilling>[places.Length];
                for (int m = 0; m < places.Length; m++)
                    fillings[m] = Best(logits.Row(row++), encodings[member].Ids, places[m], places.Length == 1, count, choice);
                answers[member] = new MaskFillings(fillings);
            }
        });
        return answers;
    }

    /// <summary>Fills the masks of texts as they come, in their order, holding only a window of them at a time.</summary>
    /// <inheritdoc cref="Fill(string, int, IReadOnlyList{string}?)"/>
    public IEnumerable<MaskFillings> FillStream(
        IEnumerable<string> texts, int count = UsualCount, IReadOnlyList<string>? targets = null) =>
        _engine.Stream(texts, text => text.Length, window => Fill(window, count, targets));

    private int[] Places(int[] ids) => [.. Enumerable.Range(0, ids.Length).Where(i => ids[i] == _mask)];

    private MaskFilling[] Best(ReadOnlySpan<float> logits, int[] ids, int place, bool alone, int count, int[]? choice)
    {
        var scores = new double[logits.Length];
        LogitScores.Compute(ProblemType.SingleLabelClassification, logits, scores);
        IEnumerable<int> candidates = choice ?? Enumerable.Range(0, scores.Length);
        return
        [
            .. candidates.OrderByDescending(id => scores[id]).Take(count).Select(id =>
            {
                int[] filled = [.. ids];
                filled[place] = id;
                string word = _engine.Tokenizer.Decode([id], skipSpecialTokens: false);
                return new MaskFilling(scores[id], id, word, _engine.Tokenizer.Decode(filled, skipSpecialTokens: alone));
            }),
        ];
    }

    private int[] TargetIds(IReadOnlyList<string> targets)
    {
        var ids = new SortedSet<int>();
        var bare = new EncodeOptions { AddSpecialTokens = false };
        foreach (string target in targets)
        {
            if (_engine.Tokenizer.TokenToId(target) is { } id) ids.Add(id);
            else if (_engine.Tokenizer.Encode(target, options: bare).Ids is [var first, ..]) ids.Add(first);
        }

        return ids.Count > 0
            ? [.. ids]
            : throw new AteneaException(Catalogue.TargetsMissing, targets.Count == 0 ? "no word was given" : "none of them is a word");
    }

    private AteneaException NoMask(string text, Encoding encoding)
    {
        const int Shown = 60;
        string shown = text.Length > Shown ? text[..Shown] + "…" : text;
        string what = encoding.WasTruncated ? $"'{shown}' has none within its first {MaxLength} tokens" : $"'{shown}' has none";
        return new AteneaException(Catalogue.MaskMissing, what, null, $"write {MaskToken} where a word is to be found");
    }
}
