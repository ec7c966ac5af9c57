namespace Atenea.Tensors.Tests;

[Collection(EngineCollection.Name)]
public sealed unsafe class TapeTests
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
            return [.. model.Parameters.Select(p => p.Values.ToArray())];
        });
    }

    [Fact]
    public void The_forward_pass_is_the_same_with_and_without_a_tape()
    {
        using var backend = Backend.Create(threads: 2);
        using var tape = new Tape(backend);
        using var model = new SmallModel(tape);
        tape.Begin(TapeMode.Inference);
        float[] inference = model.Forward().Span.ToArray();
        tape.Begin(TapeMode.Evaluation);
        EveryPath.AssertSame(inference, model.Forward().Span, "logits");
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
        Assert.Equal(-1, sum.Slot);
        Assert.Throws<InvalidOperationException>(() => tape.SeedGradient(sum, [1, 1]));
        tape.Begin(TapeMode.Inference);
        Assert.False(tape.IsRecording);
        Assert.Equal(-1, tape.Variable([1], 1, 1).Slot);
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
            tape.Release(x);
            Tensor z = tape.Add(y, y);
            Assert.Equal(mode == TapeMode.Inference, z.Data == x.Data);
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
        Assert.Throws<ArgumentOutOfRangeException>(() => x.Row(2).ToArray());
        Assert.Equal(3, x.Row(1).Length);
    }

    [Fact]
    public void A_parameter_knows_its_shape_its_gradient_and_its_changes()
    {
        long native = NativeBlock.LiveBytes;
        using (var p = new Parameter("p", 2, 3, 4))
        {
            Assert.Equal((2, 12, 24L), (p.Rows, p.Columns, p.Length));
            Assert.True(p.GradientValues.IsEmpty);
            new Span<float>(p.GradientForWriting(out bool accumulate), 24).Fill(1);
            Assert.False(accumulate);
            p.GradientForWriting(out accumulate);
            Assert.True(accumulate);
            p.ZeroGradient();
            Assert.False(p.HasGradient);
            Assert.Equal(0f, p.GradientValues.ToArray().Sum());
            p.FreeGradient();
            Assert.True(p.GradientValues.IsEmpty);
            p.MarkChanged();
            Assert.Equal(1, p.Version);
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
        private readonly List<nint> _moments = [];
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
            foreach (Parameter p in Parameters) _moments.Add((nint)NativeBlock.AllocateZeroed((nuint)p.Length * 8));
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
                float* m = (float*)_moments[i];
                var settings = new AdamWSettings { LearningRate = 1e-2, WeightDecay = 0.01, Step = (long)step + 1 };
                AdamW.Step(_tape.Backend, Parameters[i], m, m + Parameters[i].Length, settings, (float)Math.Min(1, 1 / (norm + 1e-6)));
            }
        }

        public void Dispose()
        {
            for (int i = 0; i < Parameters.Count; i++)
            {
                NativeBlock.Free((void*)_moments[i], (nuint)Parameters[i].Length * 8);
                Parameters[i].Dispose();
            }

            if (_ownBackend is null) return;
            _tape.Dispose();
            _ownBackend.Dispose();
        }
    }
}
