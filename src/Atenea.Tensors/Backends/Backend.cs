using Atenea.Errors;

namespace Atenea.Tensors;

/// <summary>
/// What the numbers of a tape run on: the memory they lie in and the primitives that read and write it, forward and backward. The tape
/// keeps shapes, what was recorded and which gradients are wanted; a back end knows none of that. The processor has one back end for each
/// instruction set, and all of them give the same bits. One thread at a time may use a back end. How another one is added:
/// docs/adding-a-backend.md.
/// </summary>
/// <example>
/// <code>
/// using var backend = Backend.Create();
/// using var tape = new Tape(backend);
/// </code>
/// </example>
public abstract class Backend : IDisposable
{
    /// <summary>The environment variable that names the back end where the program does not.</summary>
    public const string EnvironmentVariable = "ATENEA_ISA";

    private protected Backend(string name, DeviceMemory memory, int threads)
    {
        Name = name;
        Memory = memory;
        Threads = threads;
    }

    /// <summary>Names of what this machine can run on, slowest first.</summary>
    public static IReadOnlyList<string> Available { get; } =
        [.. BackendCatalogue.Entries.Where(entry => entry.IsSupported).Select(entry => entry.Name)];

    /// <summary>The name that <see cref="Create"/> takes where none is given: the environment variable's, or the fastest.</summary>
    /// <exception cref="AteneaException">ATN0601: the variable names what is unknown or not to be had here.</exception>
    public static string DefaultName => BackendCatalogue.Find(Environment.GetEnvironmentVariable(EnvironmentVariable)).Name;

    /// <summary>The name, as in <see cref="Available"/>.</summary>
    public string Name { get; }

    /// <summary>Threads of the host that it runs on, the caller's included.</summary>
    public int Threads { get; }

    /// <summary>Where its buffers lie.</summary>
    internal DeviceMemory Memory { get; }

    /// <summary>Creates a back end.</summary>
    /// <param name="name">One of <see cref="Available"/>; null for <see cref="DefaultName"/>.</param>
    /// <param name="threads">Threads, the caller's included; 0 for one per processor.</param>
    /// <exception cref="AteneaException">ATN0601: unknown name, or the machine lacks it.</exception>
    public static Backend Create(string? name = null, int threads = 0) => BackendCatalogue.Find(name ?? DefaultName).Create(threads);

    /// <summary>Ends its threads and gives its memory back.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends its threads and gives its memory back.</summary>
    /// <param name="disposing">Always true.</param>
    protected abstract void Dispose(bool disposing);

    /// <summary>
    /// What <see cref="Pack"/> makes, by name: back ends with one memory and one format can use each other's packed matrices.
    /// </summary>
    internal abstract string PackedFormat { get; }

    /// <summary>Elements of a right-hand matrix [depth, columns] when packed; 0 for a back end that takes matrices as they lie.</summary>
    internal abstract long PackedLength(int depth, int columns);

    /// <summary>Brings the right-hand matrix of products, [depth, columns], into the form in which they read it.</summary>
    internal abstract void Pack(in Matrix matrix, DeviceBuffer packed);

    /// <summary>C = f(A B + bias), or C += A B.</summary>
    internal abstract void Multiply(in Product product);

    /// <summary>Zeros.</summary>
    internal abstract void Clear(DeviceBuffer buffer, long length);

    /// <summary>y (+)= factor * x.</summary>
    internal abstract void Scale(in Scaling scaling);

    /// <summary>y = a + b.</summary>
    internal abstract void Add(in Sum sum);

    /// <summary>y (+)= x between matrices.</summary>
    internal abstract void Copy(in MatrixCopy copy);

    /// <summary>y (+)= x * mask.</summary>
    internal abstract void Drop(in Dropping dropping);

    /// <summary>sum (+)= sum over rows.</summary>
    internal abstract void SumColumns(in ColumnSums sums);

    /// <summary>y = f(x).</summary>
    internal abstract void Activate(in ActivationForward operands);

    /// <summary>dx (+)= f'(x) dy.</summary>
    internal abstract void Activate(in ActivationBackward operands);

    /// <summary>y = f(gate) * up.</summary>
    internal abstract void ActivateGated(in GatedActivationForward operands);

    /// <summary>Gradients of gate and up.</summary>
    internal abstract void ActivateGated(in GatedActivationBackward operands);

    /// <summary>Layer or RMS normalisation of rows.</summary>
    internal abstract void Normalise(in NormForward operands);

    /// <summary>Gradients of input, residual, weight and bias.</summary>
    internal abstract void Normalise(in NormBackward operands);

    /// <summary>Rows over their lengths.</summary>
    internal abstract void NormaliseLengths(in RowLengthForward operands);

    /// <summary>Gradient of the rows.</summary>
    internal abstract void NormaliseLengths(in RowLengthBackward operands);

    /// <summary>Sums of rows of tables.</summary>
    internal abstract void Gather(in RowGather gather);

    /// <summary>Gradients of the rows of a table.</summary>
    internal abstract void Scatter(in RowScatter scatter);

    /// <summary>A row from each sequence.</summary>
    internal abstract void Pool(in PoolingForward operands);

    /// <summary>Gradient of the rows.</summary>
    internal abstract void Pool(in PoolingBackward operands);

    /// <summary>Rows beside their neighbours.</summary>
    internal abstract void Unfold(in Unfolding operands);

    /// <summary>Gradient of the rows.</summary>
    internal abstract void Fold(in Unfolding operands);

    /// <summary>Attention.</summary>
    internal abstract void Attend(in AttentionOperands operands);

    /// <summary>Gradients of queries, keys, values and terms.</summary>
    internal abstract void AttendBackward(in AttentionOperands operands);

    /// <summary>Softmax cross-entropy against labels, with its gradient.</summary>
    internal abstract void Loss(in CrossEntropy operands);

    /// <summary>Softmax cross-entropy over the tokens of sequences, with its gradient.</summary>
    internal abstract void Loss(in PositionCrossEntropy operands);

    /// <summary>A loss that is a sum over elements, with its gradient.</summary>
    internal abstract void Loss(in ElementLoss operands);

    /// <summary>One parameter's step of AdamW.</summary>
    internal abstract void Update(in AdamWUpdate update);

    /// <summary>Sum of squares.</summary>
    internal abstract void SumSquares(in SquaredSum operands);
}
