using Atenea.Errors;
using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>Carries the tensors of a checkpoint into the parameters of a model, whatever names its age and its prefix give them.</summary>
internal sealed unsafe class CheckpointReader
{
    private const string PositionIds = "embeddings.position_ids";
    private const int NamesShown = 6;

    private readonly Model _model;
    private readonly SafeTensorsFile _file;
    private readonly bool _ignoreMismatchedSizes;
    private readonly ulong _seed;
    private readonly HashSet<string> _filled = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _mismatched = new(StringComparer.Ordinal);
    private readonly SortedDictionary<StorageType, int> _converted = [];
    private readonly List<string> _unexpected = [];

    public CheckpointReader(Model model, SafeTensorsFile file, bool ignoreMismatchedSizes, ulong seed)
    {
        _model = model;
        _file = file;
        _ignoreMismatchedSizes = ignoreMismatchedSizes;
        _seed = seed;
    }

    /// <summary>Fills every parameter: from the file, or drawn anew where it may be missing.</summary>
    /// <exception cref="AteneaException">A shape does not fit (ATN0504), encoder weights are missing (ATN0505), a type is not a float (ATN0407).</exception>
    public LoadReport Read()
    {
        foreach (SafeTensorInfo info in _file.Tensors.Values)
        {
            string name = PresentName(info.Name);
            // A buffer of old checkpoints: 0, 1, 2 and so on.
            if (name == PositionIds || name.EndsWith("." + PositionIds, StringComparison.Ordinal)) continue;
            if (Find(name) is { } parameter) Fill(parameter, info);
            else _unexpected.Add(name);
        }

        List<NewWeight> fresh = DrawMissing();
        _unexpected.Sort(StringComparer.Ordinal);
        return new LoadReport(_file.Path, _model.ClassName, _filled.Count, fresh, _unexpected, _converted);
    }

    /// <summary>Checkpoints converted from TensorFlow name the weights of norms gamma and beta.</summary>
    private static string PresentName(string name) =>
        name.EndsWith("LayerNorm.gamma", StringComparison.Ordinal) ? name[..^"gamma".Length] + "weight"
        : name.EndsWith("LayerNorm.beta", StringComparison.Ordinal) ? name[..^"beta".Length] + "bias"
        : name;

    /// <summary>The parameter that a name means: the name itself, with the encoder's prefix, or without it.</summary>
    private Parameter? Find(string name)
    {
        string prefix = _model.Family.Prefix + ".";
        if (Free(name, out Parameter parameter) || Free(prefix + name, out parameter)) return parameter;
        return name.StartsWith(prefix, StringComparison.Ordinal) && Free(name[prefix.Length..], out parameter) ? parameter : null;
    }

    private bool Free(string name, out Parameter parameter) => _model.Parameters.TryGet(name, out parameter) && !_filled.Contains(name);

    private void Fill(Parameter parameter, SafeTensorInfo info)
    {
        if (!HasShape(info, parameter.Shape))
        {
            if (!_ignoreMismatchedSizes || _model.Parameters.PartOf(parameter) != ParameterPart.Head) throw Mismatch(parameter, info);
            _mismatched[parameter.Name] = Render(info.Shape);
            return;
        }

        _file.CopyTo(info.Name, parameter.Data, parameter.Length);
        parameter.MarkChanged();
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
            if (_model.Parameters.PartOf(parameter) == ParameterPart.Encoder)
            {
                lacking.Add(parameter.Name);
                continue;
            }

            WeightInitializer.Draw(_model, parameter, _seed);
            fresh.Add(new NewWeight(parameter.Name, _mismatched.GetValueOrDefault(parameter.Name)));
        }

        if (lacking.Count == 0) return fresh;
        string more = lacking.Count > NamesShown ? $" and {lacking.Count - NamesShown} more" : "";
        throw new AteneaException(Catalogue.EncoderWeightsMissing,
            $"{lacking.Count} of the encoder's weights are not there: {string.Join(", ", lacking.Take(NamesShown))}{more}", _file.Path);
    }

    private static bool HasShape(SafeTensorInfo info, ReadOnlySpan<int> shape)
    {
        if (info.Shape.Length != shape.Length) return false;
        for (int i = 0; i < shape.Length; i++)
        {
            if (info.Shape[i] != shape[i]) return false;
        }

        return true;
    }

    private AteneaException Mismatch(Parameter parameter, SafeTensorInfo info)
    {
        string? remedy = _model.Parameters.PartOf(parameter) == ParameterPart.Head
            ? "use the checkpoint's own labels, or set ignore_mismatched_sizes to train a new head"
            : null;
        string expected = Render(parameter.Shape.ToArray().Select(size => (long)size));
        return new AteneaException(Catalogue.WeightShapeMismatch,
            $"'{parameter.Name}' is {Render(info.Shape)} in the checkpoint, {expected} by the configuration", _file.Path, remedy);
    }

    private static string Render(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";
}
