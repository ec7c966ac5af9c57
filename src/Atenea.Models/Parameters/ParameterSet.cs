using System.Collections;
using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// The parameters of a model in the order in which its layers are built: an encoder's is that of PyTorch's <c>named_parameters()</c>;
/// heads come after it, which transformers does not do in every family. Owns their memory.
/// </summary>
public sealed class ParameterSet : IReadOnlyList<Parameter>, IDisposable
{
    private readonly List<Entry> _entries = [];
    private readonly Dictionary<string, int> _indices = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _ties = new(StringComparer.Ordinal);

    /// <summary>Creates an empty set.</summary>
    /// <param name="adapters">What the layers that are built in it ask for adapters; null for none.</param>
    public ParameterSet(LayerAdapters? adapters = null) => Adapters = adapters;

    /// <summary>The scope at the root of the names, where a model's construction begins.</summary>
    public ParameterScope Root => new(this, "", ParameterPart.Encoder);

    /// <summary>Number of parameters (tensors).</summary>
    public int Count => _entries.Count;

    /// <summary>Number of weights in all parameters together.</summary>
    public long Elements => _entries.Sum(entry => entry.Parameter.Length);

    /// <summary>
    /// Number of weights that a token is multiplied with on its way: those of every layer, as often as it is run; a table of vectors counts
    /// only where a decoder is tied to it. A forward pass takes two floating point operations for each, a backward pass four.
    /// </summary>
    public long ElementsPerToken => _entries.Sum(entry => entry.Parameter.Length * entry.Uses);

    /// <summary>Number of weights that an optimizer changes.</summary>
    public long TrainableElements => _entries.Where(entry => entry.Parameter.RequiresGradient).Sum(entry => entry.Parameter.Length);

    /// <inheritdoc/>
    public Parameter this[int index] => _entries[index].Parameter;

    /// <summary>A parameter by its checkpoint name, or by a name that is tied to it.</summary>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    public Parameter this[string name] => TryGet(name, out Parameter parameter) ? parameter
        : throw new KeyNotFoundException($"no parameter is called '{name}'");

    /// <summary>What layers ask for adapters.</summary>
    internal LayerAdapters? Adapters { get; }

    /// <summary>Finds a parameter by its checkpoint name, or by a name that is tied to it.</summary>
    public bool TryGet(string name, out Parameter parameter)
    {
        bool found = _indices.TryGetValue(name, out int index) || _ties.TryGetValue(name, out index);
        parameter = found ? _entries[index].Parameter : null!;
        return found;
    }

    /// <summary>The part of the model that a parameter belongs to.</summary>
    public ParameterPart PartOf(Parameter parameter) => _entries[_indices[parameter.Name]].Part;

    /// <summary>The parameters of one part, in order.</summary>
    public IEnumerable<Parameter> Of(ParameterPart part) => _entries.Where(entry => entry.Part == part).Select(entry => entry.Parameter);

    /// <summary>Whether one of the parameters has this name.</summary>
    public bool Contains(string name) => _indices.ContainsKey(name);

    /// <summary>Whether a name is another one for a parameter: see <see cref="Tie"/>.</summary>
    public bool IsTied(string name) => _ties.ContainsKey(name);

    /// <summary>
    /// Gives a parameter another name, under which PyTorch has it a second time: a decoder that is tied to the word table. Files hold one
    /// copy or both.
    /// </summary>
    /// <param name="name">The other name.</param>
    /// <param name="parameter">One of these parameters.</param>
    public void Tie(string name, Parameter parameter)
    {
        int index = _indices[parameter.Name];
        _ties.Add(name, index);
        if (_entries[index].Uses == 0) _entries[index] = _entries[index] with { Uses = 1 };
    }

    /// <summary>The further names of parameters, with the parameters.</summary>
    public IEnumerable<KeyValuePair<string, Parameter>> Ties =>
        _ties.Select(tie => new KeyValuePair<string, Parameter>(tie.Key, _entries[tie.Value].Parameter));

    /// <summary>Forgets the gradients of every parameter, before the first backward pass of a step.</summary>
    public void ZeroGradients()
    {
        foreach (Entry entry in _entries) entry.Parameter.ZeroGradient();
    }

    /// <inheritdoc/>
    public IEnumerator<Parameter> GetEnumerator() => _entries.Select(entry => entry.Parameter).GetEnumerator();

    /// <summary>Gives the memory of every parameter back.</summary>
    public void Dispose()
    {
        foreach (Entry entry in _entries) entry.Parameter.Dispose();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>How a parameter is drawn when no checkpoint gives it.</summary>
    internal Initialization InitializationOf(Parameter parameter) => _entries[_indices[parameter.Name]].Initialization;

    internal Parameter Add(string name, ParameterPart part, int uses, Initialization initialization, ReadOnlySpan<int> shape)
    {
        _indices.Add(name, _entries.Count); // A name that is used twice is a mistake of the family's file and throws here.
        var parameter = new Parameter(name, shape);
        _entries.Add(new Entry(parameter, part, uses, initialization));
        return parameter;
    }

    private readonly record struct Entry(Parameter Parameter, ParameterPart Part, int Uses, Initialization Initialization);
}
