using System.Runtime.CompilerServices;
using Atenea.Errors;

namespace Atenea.Tensors;

/// <summary>
/// Runs the coarse operations of a model and, when recording, remembers them for the backward pass. Each operation lives in its own file
/// under
/// <c>Operations/</c>: the public method on this class, then its node with the hand-derived backward.
/// A tape is used by one thread; the operations themselves run on its <see cref="Backend"/>.
/// </summary>
/// <example>
/// <code>
/// using var backend = Backend.Create();
/// using var tape = new Tape(backend);
/// tape.Begin(TapeMode.Training, seed: 42, step: 0);
/// Tensor y = tape.Linear(tape.Input(x, rows, columns), weight, bias);
/// Loss loss = tape.CrossEntropy(y, labels);
/// tape.Backward(loss, scale: 1f / loss.Count);
/// </code>
/// </example>
public sealed partial class Tape : IDisposable
{
    private readonly Arena _activations; // live until the next Begin, or until released
    private readonly Arena _gradients; // gradients of activations and scratch of one operation
    private readonly List<TapeNode> _nodes = [];
    private readonly Dictionary<Type, Stack<TapeNode>> _pool = [];
    private TensorState[] _tensors = new TensorState[64]; // of the step's tensors, by number
    private int _count;
    private int _dropoutSites;
    private bool _keepGradients;

    /// <summary>Creates a tape that runs on <paramref name="backend"/>, which stays the caller's.</summary>
    public Tape(Backend backend)
    {
        Backend = backend;
        _activations = new Arena(backend.Memory);
        _gradients = new Arena(backend.Memory);
    }

    /// <summary>What operations run on.</summary>
    public Backend Backend { get; }

    /// <summary>What the current step is for.</summary>
    public TapeMode Mode { get; private set; }

    /// <summary>Whether operations are remembered for a backward pass.</summary>
    public bool IsRecording => Mode != TapeMode.Inference;

    /// <summary>Bytes of native memory held for activations and gradients of activations.</summary>
    public long HeldBytes => _activations.Capacity + _gradients.Capacity;

    /// <summary>Whether gradients of activations are kept.</summary>
    internal bool KeepsGradients => _keepGradients;

    /// <summary>Number of the backward pass that runs or ran last, for nodes of operations with several results.</summary>
    internal long BackwardPass { get; private set; }

    /// <summary>Number of the present step, which its tensors are stamped with.</summary>
    internal int Generation { get; private set; }

    /// <summary>Seed of the run's dropout.</summary>
    internal ulong Seed { get; private set; }

    /// <summary>Step of the run, part of the dropout's key.</summary>
    internal ulong Step { get; private set; }

    /// <summary>Begins a step: every tensor of the step before becomes invalid and its memory is used again.</summary>
    /// <param name="mode">Inference keeps nothing for a backward pass; Evaluation records but has no dropout; Training has both.</param>
    /// <param name="seed">Seed of the run.</param>
    /// <param name="step">Number of this forward pass within the run (every micro-batch its own), so that dropout does not depend on what
    /// was run before.</param>
    public void Begin(TapeMode mode, ulong seed = 0, ulong step = 0)
    {
        foreach (TapeNode node in _nodes)
        {
            node.Clear();
            PoolOf(node.GetType()).Push(node);
        }

        _nodes.Clear();
        _activations.Reset();
        _gradients.Reset();
        _count = 0;
        Generation++;
        _dropoutSites = 0;
        Mode = mode;
        Seed = seed;
        Step = step;
    }

    /// <summary>Copies a row-major matrix onto the tape. It gets no gradient.</summary>
    /// <exception cref="AteneaException">ATN0602: not one value per element.</exception>
    public Tensor Input(ReadOnlySpan<float> values, int rows, int columns) => Copied(values, rows, columns, differentiable: false);

    /// <summary>Copies a matrix onto the tape as a value whose gradient can be read after <see cref="Backward(Loss, float)"/>.</summary>
    /// <exception cref="AteneaException">ATN0602: not one value per element.</exception>
    public Tensor Variable(ReadOnlySpan<float> values, int rows, int columns) => Copied(values, rows, columns, differentiable: true);

    /// <summary>
    /// Says that a tensor is not needed any more by the caller. In inference its memory is used again at once, which keeps a deep model in
    /// the processor's cache; while recording the backward pass may still need it, and nothing happens.
    /// </summary>
    public void Release(Tensor tensor)
    {
        if (IsRecording) return;
        _activations.Return(tensor.Data, tensor.Length);
        _tensors[tensor.Number].IsReleased = true;
    }

    /// <summary>
    /// Runs the backward pass of a loss: gradients of every parameter and recorded tensor of <paramref name="scale"/> * loss sum.
    /// </summary>
    /// <param name="loss">The loss of this tape.</param>
    /// <param name="scale">Usually 1 / (total count of the optimizer step), so that accumulation over micro-batches is exact.</param>
    public void Backward(Loss loss, float scale)
    {
        SeedLoss(loss, scale);
        Backward();
    }

    /// <summary>Adds a loss to those whose backward pass <see cref="Backward()"/> will run, for models with several.</summary>
    /// <param name="loss">A loss of this tape.</param>
    /// <param name="scale">As for <see cref="Backward(Loss, float)"/>.</param>
    public void SeedLoss(Loss loss, float scale) => loss.Seed(this, scale);

    /// <summary>Runs the backward pass from gradients that were seeded with <see cref="SeedGradient"/>.</summary>
    public void Backward()
    {
        if (!IsRecording) throw new InvalidOperationException("The tape did not record: begin it in Training or Evaluation mode.");
        BackwardPass++;
        for (int i = _nodes.Count - 1; i >= 0; i--)
        {
            TapeNode node = _nodes[i];
            if (GradientBuffer(node.Output).IsNone) continue;
            node.Backward(this);
            if (!_keepGradients && !GradientBuffer(node.Output).IsNone) ReturnGradient(node.Output);
        }
    }

    /// <summary>Adds <paramref name="gradient"/> to the gradient of a tensor, before <see cref="Backward()"/>.</summary>
    /// <exception cref="AteneaException">ATN0602: not one value per element.</exception>
    /// <exception cref="InvalidOperationException">The tensor gets no gradient: it is an input, or nothing below it wants one.</exception>
    public void SeedGradient(Tensor tensor, ReadOnlySpan<float> gradient)
    {
        if (gradient.Length != tensor.Length)
            throw new AteneaException(Catalogue.ShapeMismatch, $"{gradient.Length} gradient values for [{tensor.Rows}, {tensor.Columns}]");
        if (!tensor.IsDifferentiable) throw new InvalidOperationException("The tensor gets no gradient.");
        DeviceBuffer seed = Scratch(gradient.Length);
        Backend.Memory.CopyIn(gradient, seed);
        Backend.Scale(new Scaling { Length = tensor.Length, X = seed, Factor = 1f, Y = GradientForWriting(tensor) });
        ReturnScratch(seed, gradient.Length);
    }

    /// <summary>
    /// Keeps the gradients of activations after the backward pass, so that <see cref="GradientOf"/> can read them. Costs memory.
    /// </summary>
    public void KeepGradients(bool keep = true) => _keepGradients = keep;

    /// <summary>
    /// A copy of a tensor's gradient after a backward pass: of a <see cref="Variable"/>, or of any tensor under
    /// <see cref="KeepGradients"/>; empty if nothing reached it.
    /// </summary>
    public float[] GradientOf(Tensor tensor)
    {
        _ = tensor.Data; // refused when its step is over
        if (!tensor.IsDifferentiable || GradientBuffer(tensor).IsNone) return [];
        float[] gradient = GC.AllocateUninitializedArray<float>(checked((int)tensor.Length));
        Backend.Memory.CopyOut<float>(GradientBuffer(tensor), gradient);
        return gradient;
    }

    /// <summary>Gives all memory back.</summary>
    public void Dispose()
    {
        Generation++; // its tensors are over
        _activations.Dispose();
        _gradients.Dispose();
        _nodes.Clear();
        _pool.Clear();
    }

    /// <summary>
    /// A new tensor of undefined content. It can get a gradient when the tape records and <paramref name="differentiable"/> is true; an
    /// operation passes whether any of its inputs or parameters wants one, and records a node only if the result then is differentiable. So
    /// nothing is recorded below frozen layers.
    /// </summary>
    internal Tensor New(int rows, int columns, bool differentiable = true)
    {
        if (_count == _tensors.Length) Array.Resize(ref _tensors, _tensors.Length * 2);
        _tensors[_count] = default;
        DeviceBuffer data = _activations.Take((long)rows * columns);
        return new Tensor(this, data, rows, columns, _count++, IsRecording && differentiable, Generation);
    }

    /// <summary>Whether a tensor of a step may be used.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool IsAlive(int number, int generation) => generation == Generation && !_tensors[number].IsReleased;

    /// <summary>Memory that lives as long as the step's activations: saved statistics, gradients of losses.</summary>
    internal DeviceBuffer Saved(long count) => _activations.Take(count);

    /// <summary>A copy of <paramref name="values"/> that lives as long as the step's activations.</summary>
    internal DeviceBuffer Saved(ReadOnlySpan<int> values)
    {
        DeviceBuffer copy = _activations.Take(values.Length);
        Backend.Memory.CopyIn(values, copy);
        return copy;
    }

    /// <summary>Scratch memory of one operation, forward or backward; give it back with <see cref="ReturnScratch"/>.</summary>
    internal DeviceBuffer Scratch(long count) => _gradients.Take(count);

    /// <summary>A copy of <paramref name="values"/> in scratch memory.</summary>
    internal DeviceBuffer Scratch(ReadOnlySpan<int> values)
    {
        DeviceBuffer copy = _gradients.Take(values.Length);
        Backend.Memory.CopyIn(values, copy);
        return copy;
    }

    internal void ReturnScratch(DeviceBuffer scratch, long count) => _gradients.Return(scratch, count);

    /// <summary>Records an operation. Call only when <paramref name="output"/> is differentiable.</summary>
    internal T Record<T>(Tensor output)
        where T : TapeNode, new()
    {
        Stack<TapeNode> pool = PoolOf(typeof(T));
        T node = pool.Count > 0 ? (T)pool.Pop() : new T();
        node.Output = output;
        _nodes.Add(node);
        return node;
    }

    /// <summary>The gradient of a node's output, for its backward pass to read: [rows, columns] like the tensor.</summary>
    internal DeviceBuffer OutputGradient(Tensor tensor) => GradientBuffer(tensor);

    /// <summary>Whether anything wants the gradient of <paramref name="tensor"/>.</summary>
    internal static bool NeedsGradient(Tensor tensor) => tensor.IsDifferentiable;

    /// <summary>Where a backward pass writes its share of the gradient of an input.</summary>
    internal GradientShare GradientForWriting(Tensor tensor)
    {
        ref DeviceBuffer gradient = ref GradientBuffer(tensor);
        bool accumulate = !gradient.IsNone;
        if (!accumulate) gradient = _gradients.Take(tensor.Length);
        return new GradientShare(gradient, accumulate);
    }

    /// <summary>The same, or nowhere for an input that is not there or whose gradient nobody wants.</summary>
    internal GradientShare GradientIfNeeded(Tensor tensor) => tensor.IsDifferentiable ? GradientForWriting(tensor) : default;

    /// <summary>The same for a parameter.</summary>
    internal GradientShare GradientIfNeeded(Parameter? parameter) =>
        parameter is { RequiresGradient: true } ? parameter.GradientForWriting(Backend) : default;

    /// <summary>
    /// Makes the gradient of a node's output that of an input of the same shape, when that is all the node has to do, the input has no
    /// share yet and gradients are not kept: nothing else reads the output's after its node. It saves a copy.
    /// </summary>
    /// <returns>False when it could not be done.</returns>
    internal bool HandGradientOver(Tensor output, Tensor input)
    {
        if (_keepGradients || !GradientBuffer(input).IsNone) return false;
        GradientBuffer(input) = GradientBuffer(output);
        GradientBuffer(output) = DeviceBuffer.None;
        return true;
    }

    /// <summary>The next dropout site of this step: part of the random key, so that no two operations share a mask.</summary>
    internal uint NextDropoutSite() => (uint)_dropoutSites++;

    /// <summary>
    /// Whether a gradient has arrived at a tensor, or should be there to be read after the backward pass; false for none at all.
    /// </summary>
    internal bool HasGradient(Tensor tensor) => tensor.IsDifferentiable && (_keepGradients || !GradientBuffer(tensor).IsNone);

    internal void ReturnGradient(Tensor tensor)
    {
        ref DeviceBuffer gradient = ref GradientBuffer(tensor);
        _gradients.Return(gradient, tensor.Length);
        gradient = DeviceBuffer.None;
    }

    private ref DeviceBuffer GradientBuffer(Tensor tensor) => ref _tensors[tensor.Number].Gradient;

    private Tensor Copied(ReadOnlySpan<float> values, int rows, int columns, bool differentiable)
    {
        if (values.Length != (long)rows * columns)
            throw new AteneaException(Catalogue.ShapeMismatch, $"{values.Length} values for [{rows}, {columns}]");
        Tensor tensor = New(rows, columns, differentiable);
        Backend.Memory.CopyIn(values, tensor.Data);
        return tensor;
    }

    private Stack<TapeNode> PoolOf(Type type)
    {
        if (!_pool.TryGetValue(type, out Stack<TapeNode>? pool)) _pool[type] = pool = new Stack<TapeNode>();
        return pool;
    }

    /// <summary>What the tape knows about a tensor of the step.</summary>
    private struct TensorState
    {
        public DeviceBuffer Gradient; // none where there is none yet
        public bool IsReleased;
    }
}
