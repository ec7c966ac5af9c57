using Atenea.Errors;
using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>Carries the tensors of a checkpoint into the parameters of a model, whatever names its age and its prefix give them.</summary>
internal sealed class CheckpointReader
{
    private const int NamesShown = 6;

    /// <summary>What training in parallel and other wrappers put before the names.</summary>
    private static readonly string[] Wrappers = ["module.", "model."];

    /// <summary>
    /// Buffers of old checkpoints that follow from the architecture: numbers of positions, segments of 0, causal masks, frequencies of
    /// rotary positions. transformers leaves them out without a word, too.
    /// </summary>
    private static readonly string[] Buffers =
        ["embeddings.position_ids", "embeddings.token_type_ids", "attn.bias", "attn.masked_bias", "rotary_emb.inv_freq"];

    private readonly Model _model;
    private readonly ITensorSource _source;
    private readonly bool _ignoreMismatchedSizes;
    private readonly ulong _seed;
    private readonly HashSet<string> _filled = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _mismatched = new(StringComparer.Ordinal);
    private readonly SortedDictionary<StorageType, int> _converted = [];

    public CheckpointReader(Model model, ITensorSource source, bool ignoreMismatchedSizes, ulong seed)
    {
        _model = model;
        _source = source;
        _ignoreMismatchedSizes = ignoreMismatchedSizes;
        _seed = seed;
    }

    /// <summary>Fills every parameter: from the checkpoint, or drawn anew where it may be missing.</summary>
    /// <exception cref="AteneaException">
    /// A shape does not fit (ATN0504), encoder weights are missing (ATN0505), a tied weight is there in two versions (ATN0511), a type is
    /// not a float (ATN0407).
    /// </exception>
    public LoadReport Read()
    {
        // The parameter's own name goes before every other reading of a name, and the parameter before its copies, in whatever order the
        // file has them.
        List<TensorInfo> rest = [.. _source.Contents];
        rest.RemoveAll(info => TryFill(info, [PresentName(info.Name)], _model.Parameters.Contains));
        rest.RemoveAll(info => TryFill(info, Readings(info.Name), _model.Parameters.Contains));
        rest.RemoveAll(info => TryFill(info, Readings(info.Name), _model.Parameters.IsTied) || IsCopy(info) || IsBuffer(info.Name));
        List<NewWeight> fresh = DrawMissing();
        string[] unexpected = [.. rest.Select(info => PresentName(info.Name)).Order(StringComparer.Ordinal)];
        return new LoadReport(_source.Path, _model.ClassName, _filled.Count, fresh, unexpected, _converted);
    }

    /// <summary>Checkpoints converted from TensorFlow name the weights of norms gamma and beta.</summary>
    private static string PresentName(string name) =>
        name.EndsWith("LayerNorm.gamma", StringComparison.Ordinal) ? name[..^"gamma".Length] + "weight"
        : name.EndsWith("LayerNorm.beta", StringComparison.Ordinal) ? name[..^"beta".Length] + "bias"
        : name;

    private static bool IsBuffer(string name) => Buffers.Any(buffer =>
        name.EndsWith(buffer, StringComparison.Ordinal) && (name.Length == buffer.Length || name[^(buffer.Length + 1)] == '.'));

    /// <summary>
    /// What a name may mean: the name itself, with the encoder's prefix, or without it; with any wrapper's prefix taken off.
    /// </summary>
    private IEnumerable<string> Readings(string name)
    {
        string prefix = _model.Family.Prefix + ".";
        for (string? rest = PresentName(name); rest is not null; rest = WithoutWrapper(rest))
        {
            yield return rest;
            yield return prefix + rest;
            if (rest.StartsWith(prefix, StringComparison.Ordinal)) yield return rest[prefix.Length..];
        }
    }

    private static string? WithoutWrapper(string name) =>
        Wrappers.FirstOrDefault(wrapper => name.StartsWith(wrapper, StringComparison.Ordinal)) is { } found ? name[found.Length..] : null;

    /// <summary>Fills the first parameter that one of the names means and that nothing has filled yet.</summary>
    private bool TryFill(TensorInfo info, IEnumerable<string> names, Func<string, bool> means)
    {
        foreach (string name in names)
        {
            if (!means(name) || !_model.Parameters.TryGet(name, out Parameter parameter) || _filled.Contains(parameter.Name)) continue;
            Fill(parameter, info);
            return true;
        }

        return false;
    }

    /// <summary>Whether this is a second copy of a tied weight, which older files hold.</summary>
    /// <exception cref="AteneaException">It is, but with other values (ATN0511).</exception>
    private bool IsCopy(TensorInfo info)
    {
        if (Readings(info.Name).FirstOrDefault(_model.Parameters.IsTied) is not { } name) return false;
        Parameter parameter = _model.Parameters[name];
        if (!HasShape(info, parameter.Shape)) throw Mismatch(parameter, info);
        if (ParameterFiles.HasValues(parameter, _source, info.Name)) return true;
        throw new AteneaException(
            Catalogue.TiedWeightsDiffer, $"'{info.Name}' is not equal to '{parameter.Name}', which it is tied to", _source.Path);
    }

    private void Fill(Parameter parameter, TensorInfo info)
    {
        if (!HasShape(info, parameter.Shape))
        {
            if (!_ignoreMismatchedSizes || _model.Parameters.PartOf(parameter) != ParameterPart.Head) throw Mismatch(parameter, info);
            _mismatched[parameter.Name] = Render(info.Shape);
            return;
        }

        ParameterFiles.Fill(parameter, _source, info.Name);
        _filled.Add(parameter.Name);
        if (info.Type != StorageType.F32) _converted[info.Type] = _converted.GetValueOrDefault(info.Type) + 1;
    }

    private List<NewWeight> DrawMissing()
    {
        var fresh = new List<NewWeight>();
        var lacking = new List<string>();
        foreach (Parameter parameter in _model.Parameters)
        {
            if (_filled.Contains(parameter.Name)) continue;
            ParameterPart part = _model.Parameters.PartOf(parameter);
            if (part == ParameterPart.Encoder)
            {
                lacking.Add(parameter.Name);
                continue;
            }

            WeightInitializer.Draw(_model, parameter, _seed);
            fresh.Add(new NewWeight(parameter.Name, part, _mismatched.GetValueOrDefault(parameter.Name)));
        }

        if (lacking.Count == 0) return fresh;
        string more = lacking.Count > NamesShown ? $" and {lacking.Count - NamesShown} more" : "";
        throw new AteneaException(Catalogue.EncoderWeightsMissing,
            $"{lacking.Count} of the encoder's weights are not there: {string.Join(", ", lacking.Take(NamesShown))}{more}", _source.Path);
    }

    private static bool HasShape(TensorInfo info, ReadOnlySpan<int> shape)
    {
        if (info.Shape.Length != shape.Length) return false;
        for (int i = 0; i < shape.Length; i++)
        {
            if (info.Shape[i] != shape[i]) return false;
        }

        return true;
    }

    private AteneaException Mismatch(Parameter parameter, TensorInfo info)
    {
        string? remedy = _model.Parameters.PartOf(parameter) == ParameterPart.Head
            ? "use the checkpoint's own labels, or set ignore_mismatched_sizes to train a new head"
            : null;
        string expected = Render(parameter.Shape.ToArray().Select(size => (long)size));
        return new AteneaException(Catalogue.WeightShapeMismatch,
            $"'{parameter.Name}' is {Render(info.Shape)} in the checkpoint, {expected} by the configuration", _source.Path, remedy);
    }

    private static string Render(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";
}
