using System.Globalization;
using Atenea.Errors;
using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Training;

/// <summary>AdamW's settings that stay the same over a run.</summary>
/// <param name="Beta1">Decay of the first moment.</param>
/// <param name="Beta2">Decay of the second moment.</param>
/// <param name="Epsilon">Added to the root of the second moment.</param>
/// <param name="WeightDecay">Decoupled decay of the parameters that <see cref="WeightDecayRule"/> names.</param>
/// <param name="MaxGradientNorm">Gradients whose 2-norm is larger are scaled down to it; 0 turns that off.</param>
public readonly record struct OptimizerSettings(
    double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8, double WeightDecay = 0, double MaxGradientNorm = 1);

/// <summary>
/// AdamW over the parameters that require a gradient, with decay exclusions and gradient clipping as transformers' Trainer has them. The
/// moments live where the parameters do. A step allocates nothing on the managed heap.
/// </summary>
public sealed class Optimizer : IDisposable
{
    private const int PartElements = 1 << 18;
    private const double ClipEpsilon = 1e-6; // torch.nn.utils.clip_grad_norm_
    private const string FirstMoments = "exp_avg.", SecondMoments = "exp_avg_sq.", StepKey = "step";

    private readonly Backend _backend;
    private readonly OptimizerSettings _settings;
    private readonly List<Parameter> _parameters;
    private readonly List<Slot> _slots = [];

    /// <summary>Creates an optimizer that has made no step.</summary>
    /// <param name="backend">Runs the steps; stays the caller's.</param>
    /// <param name="parameters">The model's parameters; those that require no gradient are left out.</param>
    /// <param name="settings">What stays the same over the run.</param>
    public Optimizer(Backend backend, IEnumerable<Parameter> parameters, OptimizerSettings settings)
    {
        _backend = backend;
        _settings = settings;
        _parameters = [.. parameters.Where(p => p.RequiresGradient)];
        foreach (Parameter parameter in _parameters)
        {
            _slots.Add(
                new Slot(new DeviceArray(parameter.Length), new DeviceArray(parameter.Length), WeightDecayRule.Applies(parameter.Name)));
        }
    }

    /// <summary>Steps made so far.</summary>
    public long Steps { get; private set; }

    /// <summary>The parameters it changes.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>
    /// Changes the parameters by their gradients. With a gradient that is not finite it changes nothing.
    /// </summary>
    /// <param name="learningRate">Learning rate of this step.</param>
    /// <param name="nonFinite">The first parameter whose gradient is not finite, or null.</param>
    /// <returns>The 2-norm of the whole gradient before clipping.</returns>
    public double Step(double learningRate, out Parameter? nonFinite)
    {
        double norm = GradientNorm.Global(_backend, _parameters, out nonFinite);
        if (nonFinite is not null) return norm;
        float scale = _settings.MaxGradientNorm > 0 ? (float)Math.Min(1, _settings.MaxGradientNorm / (norm + ClipEpsilon)) : 1;
        Steps++;
        for (int i = 0; i < _parameters.Count; i++)
        {
            var settings = new AdamWSettings
            {
                LearningRate = learningRate,
                Beta1 = _settings.Beta1,
                Beta2 = _settings.Beta2,
                Epsilon = _settings.Epsilon,
                WeightDecay = _slots[i].Decays ? _settings.WeightDecay : 0,
                Step = Steps,
            };
            AdamW.Step(_backend, _parameters[i], _slots[i].First, _slots[i].Second, settings, scale);
        }

        return norm;
    }

    /// <summary>Forgets the gradients of the last step.</summary>
    public void ZeroGradients()
    {
        for (int i = 0; i < _parameters.Count; i++) _parameters[i].ZeroGradient();
    }

    /// <summary>
    /// Writes the moments as safetensors, under PyTorch's names of the states: <c>exp_avg.NAME</c> and <c>exp_avg_sq.NAME</c>; the number
    /// of steps is in the metadata.
    /// </summary>
    /// <exception cref="AteneaException">The file cannot be written (ATN0403).</exception>
    public void Save(string path)
    {
        var writer = new SafeTensorsWriter([new("format", "pt"), new(StepKey, Steps.ToString(CultureInfo.InvariantCulture))]);
        for (int i = 0; i < _parameters.Count; i++)
        {
            long[] shape = [.. _parameters[i].Shape.ToArray().Select(size => (long)size)];
            Slot slot = _slots[i];
            writer.Add(FirstMoments + _parameters[i].Name, shape, slot.First.CopyTo);
            writer.Add(SecondMoments + _parameters[i].Name, shape, slot.Second.CopyTo);
        }

        writer.Save(path);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="AteneaException">The file is missing or damaged (ATN04xx) or belongs to other parameters (ATN0703).</exception>
    public void Load(string path)
    {
        using SafeTensorsFile file = SafeTensorsFile.Open(path);
        if (!file.Metadata.TryGetValue(StepKey, out string? text)
            || !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long steps))
            throw new AteneaException(Catalogue.ResumeImpossible, "the optimizer's state does not say its number of steps", path);
        if (file.Tensors.Count != 2 * _parameters.Count)
        {
            throw new AteneaException(Catalogue.ResumeImpossible,
                $"the optimizer's state has {file.Tensors.Count} tensors, the model asks for {2 * _parameters.Count}", path);
        }

        for (int i = 0; i < _parameters.Count; i++)
        {
            Read(file, FirstMoments + _parameters[i].Name, _slots[i].First, _parameters[i], path);
            Read(file, SecondMoments + _parameters[i].Name, _slots[i].Second, _parameters[i], path);
        }

        Steps = steps;
    }

    /// <summary>Gives the moments' memory back.</summary>
    public void Dispose()
    {
        foreach (Slot slot in _slots)
        {
            slot.First.Dispose();
            slot.Second.Dispose();
        }

        _slots.Clear();
    }

    private static void Read(SafeTensorsFile file, string name, DeviceArray moments, Parameter parameter, string path)
    {
        if (!file.Tensors.TryGetValue(name, out SafeTensorInfo? info)
            || !info.Shape.Select(size => (int)size).SequenceEqual(parameter.Shape.ToArray()))
            throw new AteneaException(Catalogue.ResumeImpossible, $"the optimizer's state has no {name} of the model's shape", path);
        var part = new float[(int)Math.Min(PartElements, moments.Length)];
        for (long start = 0; start < moments.Length; start += part.Length)
        {
            Span<float> stored = part.AsSpan(0, (int)Math.Min(part.Length, moments.Length - start));
            file.CopyTo(name, start, stored);
            moments.CopyFrom(start, stored);
        }
    }

    private readonly record struct Slot(DeviceArray First, DeviceArray Second, bool Decays);
}
