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
public sealed unsafe partial class Tape : IDisposable
{
    private readonly Arena _activations = new(); // live until the next Begin, or until released
    private readonly Arena _gradients = new(); // gradients of activations and scratch of one operation
    private readonly List<TapeNode> _nodes = [];
    private readonly Dictionary<Type, Stack<TapeNode>> _pool = [];
    private nint[] _slots = new nint[64]; // gradient of each tensor, 0 where there is none yet
    private int _slotCount;
    private int _dropoutSites;
    private bool _keepGradients;

    /// <summary>Creates a tape that runs on <paramref name="backend"/>, which stays the caller's.</summary>
    public Tape(Backend backend) => Backend = backend;

    /// <summary>What operations run on.</summary>
    public Backend Backend { get; }

    internal WorkerTeam Team => Backend.Team;

    /// <summary>What the current step is for.</summary>
    public TapeMode Mode { get; private set; }

    /// <summary>Whether operations are remembered for a backward pass.</summary>
    public bool IsRecording => Mode != TapeMode.Inference;

    /// <summary>Bytes of native memory held for activations and gradients of activations.</summary>
    public long HeldBytes => (long)(_activations.Capacity + _gradients.Capacity);

    /// <summary>Whether gradients of activations are kept.</summary>
    internal bool KeepsGradients => _keepGradients;

    /// <summary>Number of the backward pass that runs or ran last, for nodes of operations with several results.</summary>
    internal long BackwardPass { get; private set; }

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
        _slotCount = 0;
        _dropoutSites = 0;
        Mode = mode;
        Seed = seed;
        Step = step;
    }

    /// <summary>Copies a row-major matrix onto the tape. It gets no gradient.</summary>
    public Tensor Input(ReadOnlySpan<float> values, int rows, int columns)
    {
        if (values.Length != (long)rows * columns)
            throw new AteneaException(Catalogue.ShapeMismatch, $"{values.Length} values for [{rows}, {columns}]");
        var tensor = new Tensor(_activations.Floats(values.Length), rows, columns, -1);
        values.CopyTo(tensor.Span);
        return tensor;
    }

    /// <summary>Copies a matrix onto the tape as a value whose gradient can be read after <see cref="Backward(Loss, float)"/>.</summary>
    public Tensor Variable(ReadOnlySpan<float> values, int rows, int columns)
    {
        if (values.Length != (long)rows * columns)
            throw new AteneaException(Catalogue.ShapeMismatch, $"{values.Length} values for [{rows}, {columns}]");
        Tensor tensor = New(rows, columns);
        values.CopyTo(tensor.Span);
        return tensor;
    }

    /// <summary>
    /// Says that a tensor is not needed any more by the caller. In inference its memory is used again at once, which keeps a deep model in
    /// the processor's cache; while recording the backward pass may still need it, and nothing happens.
    /// </summary>
    public void Release(Tensor tensor)
    {
        if (!IsRecording) _activations.Return(tensor.Data, tensor.Length);
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
            if (_slots[node.Output.Slot] != 0)
            {
                node.Backward(this);
                if (!_keepGradients && _slots[node.Output.Slot] != 0) ReturnGradient(node.Output);
            }
        }
    }

    /// <summary>Adds <paramref name="gradient"/> to the gradient of a tensor, before <see cref="Backward()"/>.</summary>
    /// <exception cref="AteneaException">ATN0602: not one value per element.</exception>
    /// <exception cref="InvalidOperationException">The tensor gets no gradient: it is an input, or nothing below it wants one.</exception>
    public void SeedGradient(Tensor tensor, ReadOnlySpan<float> gradient)
    {
        if (gradient.Length != tensor.Length)
            throw new AteneaException(Catalogue.ShapeMismatch, $"{gradient.Length} gradient values for [{tensor.Rows}, {tensor.Columns}]");
        if (tensor.Slot < 0) throw new InvalidOperationException("The tensor gets no gradient.");
        float* g = GradientForWriting(tensor, out bool accumulate);
        Span<float> target = new(g, gradient.Length);
        if (!accumulate) target.Clear();
        for (int i = 0; i < gradient.Length; i++) target[i] += gradient[i];
    }

    /// <summary>
    /// Keeps the gradients of activations after the backward pass, so that <see cref="GradientOf"/> can read them. Costs memory.
    /// </summary>
    public void KeepGradients(bool keep = true) => _keepGradients = keep;

    /// <summary>
    /// Gradient of a tensor after a backward pass: of a <see cref="Variable"/>, or of any tensor under <see cref="KeepGradients"/>; empty
    /// if nothing reached it.
    /// </summary>
    public ReadOnlySpan<float> GradientOf(Tensor tensor) =>
        tensor.Slot < 0 || _slots[tensor.Slot] == 0 ? default : new ReadOnlySpan<float>((float*)_slots[tensor.Slot], checked((int)tensor.Length));

    /// <summary>Gives all memory back.</summary>
    public void Dispose()
    {
        _activations.Dispose();
        _gradients.Dispose();
        _nodes.Clear();
        _pool.Clear();
    }

    /// <summary>
    /// A new tensor of undefined content. It can get a gradient when the tape records and <paramref name="differentiable"/> is true; an
    /// operation passes whether any of its inputs or parameters wants one, and records a node only if the result's
    /// <see cref="Tensor.Slot"/> is not
    /// -1.
    /// So nothing is recorded below frozen layers.
    /// </summary>
    internal Tensor New(int rows, int columns, bool differentiable = true)
    {
        int slot = -1;
        if (IsRecording && differentiable)
        {
            if (_slotCount == _slots.Length) Array.Resize(ref _slots, _slots.Length * 2);
            slot = _slotCount++;
            _slots[slot] = 0;
        }

        return new Tensor(_activations.Floats((long)rows * columns), rows, columns, slot);
    }

    /// <summary>Memory that lives as long as the step's activations: saved statistics, copies of ids.</summary>
    internal float* SavedFloats(long count) => _activations.Floats(count);

    /// <summary>A copy of <paramref name="values"/> that lives as long as the step's activations.</summary>
    internal int* Saved(ReadOnlySpan<int> values)
    {
        int* copy = _activations.Ints(values.Length);
        values.CopyTo(new Span<int>(copy, values.Length));
        return copy;
    }

    /// <summary>Scratch memory of one operation, forward or backward; give it back with <see cref="ReturnScratch"/>.</summary>
    internal float* Scratch(long count) => _gradients.Floats(count);

    internal void ReturnScratch(float* scratch, long count) => _gradients.Return(scratch, count);

    /// <summary>Records an operation. Call only when <paramref name="output"/> has a slot.</summary>
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
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal float* OutputGradient(Tensor tensor) => (float*)_slots[tensor.Slot];

    /// <summary>Whether anything wants the gradient of <paramref name="tensor"/>.</summary>
    internal static bool NeedsGradient(Tensor tensor) => tensor.Slot >= 0;

    /// <summary>
    /// The gradient of an input, for a backward pass to write: overwrite it when <paramref name="accumulate"/> is false (it is the first
    /// share and the memory is undefined), else add to it.
    /// </summary>
    internal float* GradientForWriting(Tensor tensor, out bool accumulate)
    {
        ref nint slot = ref _slots[tensor.Slot];
        accumulate = slot != 0;
        if (!accumulate) slot = (nint)_gradients.Floats(tensor.Length);
        return (float*)slot;
    }

    /// <summary>
    /// Makes the gradient of a node's output that of an input of the same shape, when that is all the node has to do, the input has no
    /// share yet and gradients are not kept: nothing else reads the output's after its node. It saves a copy.
    /// </summary>
    /// <returns>False when it could not be done.</returns>
    internal bool HandGradientOver(Tensor output, Tensor input)
    {
        if (_keepGradients || _slots[input.Slot] != 0) return false;
        _slots[input.Slot] = _slots[output.Slot];
        _slots[output.Slot] = 0;
        return true;
    }

    /// <summary>The next dropout site of this step: part of the random key, so that no two operations share a mask.</summary>
    internal uint NextDropoutSite() => (uint)_dropoutSites++;

    /// <summary>
    /// Whether a gradient has arrived at a tensor, or should be there to be read after the backward pass; false for none at all.
    /// </summary>
    internal bool HasGradient(Tensor tensor) => !tensor.IsEmpty && tensor.Slot >= 0 && (_keepGradients || _slots[tensor.Slot] != 0);

    internal void ReturnGradient(Tensor tensor)
    {
        _gradients.Return((void*)_slots[tensor.Slot], tensor.Length);
        _slots[tensor.Slot] = 0;
    }

    private Stack<TapeNode> PoolOf(Type type)
    {
        if (!_pool.TryGetValue(type, out Stack<TapeNode>? pool)) _pool[type] = pool = new Stack<TapeNode>();
        return pool;
    }
}
