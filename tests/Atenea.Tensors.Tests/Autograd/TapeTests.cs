namespace Atenea.Tensors.Tests;

[Collection(EngineCollection.Name)]
public sealed class TapeTests
{
    [Fact]
    public void A_training_step_allocates_nothing_on_the_managed_heap_and_leaves_no_native_memory()
    {
        long native = NativeBlock.LiveBytes;
        using (var model = new SmallModel(threads: 2))
        {
            for (int step = 0; step < 4; step++) model.Step((ulong)step);
            long before = GC.GetAllocatedBytesForCurrentThread(), held = model.HeldBytes;
            for (int step = 4; step < 12; step++) model.Step((ulong)step);
            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
            Assert.Equal(held, model.HeldBytes);
        }

        Assert.Equal(native, NativeBlock.LiveBytes);
    }

    [Fact]
    public void A_training_step_gives_the_same_bits_on_every_path()
    {
        EveryPath.SameBits(tape =>
        {
            using var model = new SmallModel(tape);
            for (int step = 0; step < 3; step++) model.Step((ulong)step);
            return [.. model.Parameters.Select(p => p.ToArray())];
        });
    }

    [Fact]
    public void The_forward_pass_is_the_same_with_and_without_a_tape()
    {
        using var backend = Backend.Create(threads: 2);
        using var tape = new Tape(backend);
        using var model = new SmallModel(tape);
        tape.Begin(TapeMode.Inference);
        float[] inference = model.Forward().ToArray();
        tape.Begin(TapeMode.Evaluation);
        EveryPath.AssertSame(inference, model.Forward().ToArray(), "logits");
    }

    [Fact]
    public void Gradients_of_activations_can_be_kept()
    {
        using var backend = Backend.Create(threads: 1);
        using var tape = new Tape(backend);
        foreach (bool keep in new[] { true, false })
        {
            tape.KeepGradients(keep);
            tape.Begin(TapeMode.Evaluation);
            Tensor x = tape.Variable([1, 2], 1, 2), y = tape.Add(x, x), z = tape.Add(y, y);
            tape.SeedGradient(z, [1, 1]);
            tape.Backward();
            Assert.Equal([4f, 4f], tape.GradientOf(x).ToArray());
            Assert.Equal(keep ? [2f, 2f] : [], tape.GradientOf(y).ToArray());
        }
    }

    [Fact]
    public void Branches_that_lead_nowhere_get_no_gradient()
    {
        using var backend = Backend.Create(threads: 1);
        using var tape = new Tape(backend);
        tape.Begin(TapeMode.Evaluation);
        Tensor x = tape.Variable([1, 2], 1, 2), unused = tape.Variable([3, 4], 1, 2);
        Tensor deadEnd = tape.Add(unused, x);
        tape.SeedGradient(tape.Add(x, x), [1, 1]);
        tape.Backward();
        Assert.Equal([2f, 2f], tape.GradientOf(x).ToArray());
        Assert.Empty(tape.GradientOf(unused).ToArray());
        Assert.Empty(tape.GradientOf(deadEnd).ToArray());
    }

    [Fact]
    public void Nothing_is_recorded_above_inputs_or_in_inference()
    {
        using var backend = Backend.Create(threads: 1);
        using var tape = new Tape(backend);
        tape.Begin(TapeMode.Evaluation);
        Tensor input = tape.Input([1, 2], 1, 2);
        Tensor sum = tape.Add(input, input);
        Assert.False(sum.IsDifferentiable);
        Assert.Throws<InvalidOperationException>(() => tape.SeedGradient(sum, [1, 1]));
        tape.Begin(TapeMode.Inference);
        Assert.False(tape.IsRecording);
        Assert.False(tape.Variable([1], 1, 1).IsDifferentiable);
        Assert.Throws<InvalidOperationException>(tape.Backward);
    }

    [Fact]
    public void Released_memory_is_used_again_in_inference_only()
    {
        using var backend = Backend.Create(threads: 1);
        using var tape = new Tape(backend);
        foreach (TapeMode mode in new[] { TapeMode.Inference, TapeMode.Evaluation })
        {
            tape.Begin(mode);
            Tensor x = tape.Input(new float[100], 10, 10), y = tape.Add(x, x);
            DeviceBuffer where = x.Data;
            tape.Release(x);
            Tensor z = tape.Add(y, y);
            Assert.Equal(mode == TapeMode.Inference, z.Data == where);
        }
    }

    [Fact]
    public void Values_and_seeds_must_fit_their_shapes()
    {
        using var backend = Backend.Create(threads: 1);
        using var tape = new Tape(backend);
        tape.Begin(TapeMode.Evaluation);
        Assert.Equal("ATN0602", Assert.Throws<Errors.AteneaException>(() => tape.Input(new float[5], 2, 3)).Code.Id);
        Assert.Equal("ATN0602", Assert.Throws<Errors.AteneaException>(() => tape.Variable(new float[5], 2, 3)).Code.Id);
        Tensor x = tape.Variable(new float[6], 2, 3);
        Assert.Equal("ATN0602", Assert.Throws<Errors.AteneaException>(() => tape.SeedGradient(x, new float[7])).Code.Id);
        Assert.Equal("ATN0602", Assert.Throws<Errors.AteneaException>(() => x.CopyTo(new float[5])).Code.Id);
        Assert.Throws<ArgumentOutOfRangeException>(() => x.Read().Row(2).ToArray());
        Assert.Equal(3, x.Read().Row(1).Length);
    }

    [Theory]
    [InlineData(TapeMode.Inference)]
    [InlineData(TapeMode.Training)]
    public void A_tensor_is_refused_after_its_step_and_after_its_release(TapeMode mode)
    {
        using var backend = Backend.Create(threads: 1);
        var tape = new Tape(backend);
        tape.Begin(mode);
        Tensor old = tape.Variable([1, 2], 1, 2), released = tape.Input([3, 4], 1, 2);
        Loss loss = tape.MeanSquaredError(old, [0, 0]);
        Assert.Equal(5, loss.Sum);
        tape.Release(released);
        if (mode == TapeMode.Inference) Refused(() => tape.Add(released, released), "released");
        else Assert.Equal([6f, 8f], tape.Add(released, released).ToArray()); // its backward pass may still need it
        tape.Begin(mode);
        Tensor now = tape.Variable([1, 2], 1, 2);
        Refused(() => tape.Add(now, old), "over");
        Refused(() => old.ToArray(), "over");
        Refused(() => old.Reshape(2, 1), "over");
        Refused(() => tape.GradientOf(old), "over");
        Refused(() => _ = loss.Sum, "over");
        tape.Dispose();
        Refused(() => now.ToArray(), "over");

        static void Refused(Action use, string why)
        {
            var error = Assert.Throws<Errors.AteneaException>(use);
            Assert.Equal("ATN0605", error.Code.Id);
            Assert.Contains(why, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_parameter_knows_its_shape_its_gradient_and_its_changes()
    {
        long native = NativeBlock.LiveBytes;
        using (var backend = Backend.Create(threads: 1))
        using (var p = new Parameter("p", 2, 3, 4))
        {
            Assert.Equal((2, 12, 24L), (p.Rows, p.Columns, p.Length));
            Assert.Equal(new float[24], p.ToArray());
            Assert.Equal(new float[24], p.GradientToArray());
            Assert.Equal(native, NativeBlock.LiveBytes); // looking takes no memory
            OperationHarness.SetGradient(backend, p, [.. Enumerable.Repeat(1f, 24)]);
            Assert.True(p.GradientForWriting(backend).Accumulate);
            Assert.Equal(24f, p.GradientToArray().Sum());
            p.ZeroGradient();
            Assert.False(p.HasGradient);
            Assert.Equal(0f, p.GradientToArray().Sum());
            Assert.False(p.GradientForWriting(backend).Accumulate);
            p.FreeGradient();
            Assert.False(p.HasGradient);
            Assert.Equal(0, p.Version);
            p.CopyFrom(20, [1, 2, 3, 4]);
            Assert.Equal(1, p.Version);
            Span<float> part = stackalloc float[2];
            p.CopyTo(21, part);
            Assert.Equal([2f, 3f], part.ToArray());
            Assert.Equal("ATN0602", Assert.Throws<Errors.AteneaException>(() => p.CopyFrom(21, new float[4])).Code.Id);
            Assert.Equal("ATN0602", Assert.Throws<Errors.AteneaException>(() => p.CopyFrom(new float[23])).Code.Id);
            Assert.Equal("ATN0602", Assert.Throws<Errors.AteneaException>(() => p.CopyTo(new float[25])).Code.Id);
            Assert.Equal("ATN0602", Assert.Throws<Errors.AteneaException>(() => p.CopyGradientTo(new float[25])).Code.Id);
            Assert.Equal("p [2, 3, 4]", p.ToString());
        }

        Assert.Equal(native, NativeBlock.LiveBytes);
    }

    /// <summary>
    /// Every element-wise operation in one training step: embeddings, blocks with dropout, pooled rows, a loss, clipping, AdamW.
    /// </summary>
    private sealed class SmallModel : IDisposable
    {
        private const int Tokens = 150, Hidden = 72, Words = 40;
        private readonly Backend? _ownBackend;
        private readonly Tape _tape;
        private readonly Parameter _words = OperationHarness.Parameter("words", RandomValues.Normal(Words * Hidden, 1), Words, Hidden);
        private readonly Parameter _types = OperationHarness.Parameter("types", RandomValues.Normal(2 * Hidden, 2), 2, Hidden);
        private readonly Parameter _weight = OperationHarness.Parameter("weight", RandomValues.Normal(Hidden, 3));
        private readonly Parameter _bias = OperationHarness.Parameter("bias", RandomValues.Normal(Hidden, 4));
        private readonly List<(DeviceArray First, DeviceArray Second)> _moments = [];
        private readonly int[] _ids = RandomValues.Ids(Tokens, Words, 5);
        private readonly int[] _kinds = RandomValues.Ids(Tokens, 2, 6);

        public SmallModel(int threads)
            : this(Backend.Create(threads: threads))
        {
        }

        public SmallModel(Tape tape)
        {
            _tape = tape;
            Parameters = [_words, _types, _weight, _bias];
            foreach (Parameter p in Parameters) _moments.Add((new DeviceArray(p.Length), new DeviceArray(p.Length)));
        }

        private SmallModel(Backend backend)
            : this(new Tape(backend)) => _ownBackend = backend;

        public List<Parameter> Parameters { get; }

        public long HeldBytes => _tape.HeldBytes;

        public Tensor Forward()
        {
            Tensor x = _tape.Embedding(new(_words, _ids, PaddingId: 0), new(_types, _kinds));
            x = _tape.Dropout(_tape.LayerNorm(x, _weight, _bias, 1e-6f), 0.1f);
            Tensor y = _tape.Activate(x, Activation.Gelu);
            x = _tape.ResidualLayerNorm(y, x, _weight, _bias, 1e-6f, 0.1f);
            x = _tape.Add(x, _tape.Activate(x, Activation.Silu));
            return _tape.Activate(_tape.SelectRows(x, [0, 10, 149]), Activation.Tanh);
        }

        public void Step(ulong step)
        {
            _tape.Begin(TapeMode.Training, seed: 1, step);
            Tensor logits = Forward();
            Loss loss = _tape.CrossEntropy(logits, [1, 2, -100]);
            foreach (Parameter p in Parameters) p.ZeroGradient();
            _tape.Backward(loss, 1f / loss.Count);
            double norm = GradientNorm.Global(_tape.Backend, Parameters);
            for (int i = 0; i < Parameters.Count; i++)
            {
                var settings = new AdamWSettings { LearningRate = 1e-2, WeightDecay = 0.01, Step = (long)step + 1 };
                AdamW.Step(_tape.Backend, Parameters[i], _moments[i].First, _moments[i].Second, settings,
                    (float)Math.Min(1, 1 / (norm + 1e-6)));
            }
        }

        public void Dispose()
        {
            for (int i = 0; i < Parameters.Count; i++)
            {
                _moments[i].First.Dispose();
                _moments[i].Second.Dispose();
                Parameters[i].Dispose();
            }

            if (_ownBackend is null) return;
            _tape.Dispose();
            _ownBackend.Dispose();
        }
    }
}
