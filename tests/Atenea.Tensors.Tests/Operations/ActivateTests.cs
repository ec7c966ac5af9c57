using Atenea.Tensors.Reference;

namespace Atenea.Tensors.Tests;

public sealed unsafe class ActivateTests
{
    public static TheoryData<Activation, int, int> Cases()
    {
        var cases = new TheoryData<Activation, int, int>();
        foreach (Activation f in Enum.GetValues<Activation>().Where(f => f != Activation.None))
        {
            foreach ((int rows, int columns) in new[] { (1, 1), (3, 15), (2, 16), (5, 17), (4, 33), (22, 770) })
                cases.Add(f, rows, columns);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Matches_reference_and_finite_differences_on_every_path(Activation f, int rows, int columns)
    {
        float[] x = RandomValues.Normal(rows * columns, 1, 2);
        for (int i = 0; i < x.Length; i++) x[i] += x[i] < 0 ? -0.01f : 0.01f; // keeps finite differences off the kink of ReLU
        OperationHarness.CheckUnary(rows, columns, x, (tape, input) => tape.Activate(input, f),
            v => [.. v.Select(e => ExactActivation.Of(f, e))]);
    }

    [Fact]
    public void None_is_the_tensor_itself()
    {
        using var backend = Backend.Create(threads: 1);
        using var tape = new Tape(backend);
        tape.Begin(TapeMode.Training);
        Tensor x = tape.Variable([1, 2], 1, 2);
        Assert.Equal(x, tape.Activate(x, Activation.None));
    }

    [Theory]
    [InlineData(Activation.None)]
    [InlineData(Activation.Gelu)]
    [InlineData(Activation.GeluTanh)]
    [InlineData(Activation.Relu)]
    [InlineData(Activation.Silu)]
    [InlineData(Activation.Tanh)]
    public void Segments_may_be_cut_anywhere_and_work_in_place(Activation f)
    {
        const int Count = 100;
        float[] x = RandomValues.Normal(Count, 1, 3), dy = RandomValues.Normal(Count, 2);
        float[] whole = new float[Count], slopes = new float[Count];
        float[] inPlace = [.. x], slopesInPlace = [.. dy];
        using Backend backend = Backend.Create(threads: 1);
        fixed (float* px = x, pdy = dy, py = whole, ps = slopes, pi = inPlace, pp = slopesInPlace)
        {
            Apply(backend, f, px, py, Count);
            Backward(backend, f, px, pdy, ps, Count);
            foreach ((int start, int count) in new[] { (0, 7), (7, 16), (23, 1), (24, 33), (57, 43) })
            {
                Apply(backend, f, pi + start, pi + start, count);
                Backward(backend, f, px + start, pp + start, pp + start, count);
            }
        }

        EveryPath.AssertSame(whole, inPlace, "values");
        EveryPath.AssertSame(slopes, slopesInPlace, "slopes");
    }

    [Theory]
    [InlineData(Activation.Gelu)]
    [InlineData(Activation.GeluTanh)]
    [InlineData(Activation.Relu)]
    [InlineData(Activation.Silu)]
    [InlineData(Activation.Tanh)]
    public void Extreme_inputs_stay_sound(Activation f)
    {
        float[] x = [1e30f, 100f, 30f, 14f, -14f, -30f, -100f, -1e30f, 0f, -0f, float.NaN, 1e-40f];
        float[] y = new float[x.Length], dx = new float[x.Length], ones = [.. x.Select(_ => 1f)];
        using Backend backend = Backend.Create(threads: 1);
        fixed (float* px = x, py = y, pd = dx, po = ones)
        {
            Apply(backend, f, px, py, x.Length);
            Backward(backend, f, px, po, pd, x.Length);
        }

        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(f == Activation.Tanh ? 1f : x[i], y[i], 1.2e-5f); // silu(14) = 14 - 1.16e-5
            Assert.Equal(f == Activation.Tanh ? 0f : 1f, dx[i], 1.2e-5f);
        }

        for (int i = 4; i < 8; i++)
        {
            Assert.Equal(f == Activation.Tanh ? -1f : 0f, y[i], 1.3e-5f); // silu(-14) = -1.16e-5
            Assert.Equal(0f, dx[i], 1.2e-5f);
        }

        Assert.Equal([0f, 0f], y[8..10]);
        Assert.True(float.IsNaN(y[10]));
        Assert.True(float.IsFinite(y[11]) && float.IsFinite(dx[11]));
    }

    private static void Apply(Backend backend, Activation f, float* x, float* y, int count) =>
        backend.Activate(new ActivationForward { F = f, Length = count, X = new DeviceBuffer((nint)x), Y = new DeviceBuffer((nint)y) });

    private static void Backward(Backend backend, Activation f, float* x, float* dy, float* dx, int count) =>
        backend.Activate(new ActivationBackward
        {
            F = f,
            Length = count,
            X = new DeviceBuffer((nint)x),
            OutputGradient = new DeviceBuffer((nint)dy),
            InputGradient = new GradientShare(new DeviceBuffer((nint)dx), Accumulate: false),
        });
}
