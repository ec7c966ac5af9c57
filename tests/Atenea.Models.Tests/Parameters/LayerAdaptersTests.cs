using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models.Tests;

/// <summary>Adapters of low rank (Hu et al. 2021) on families that know nothing of them.</summary>
public sealed class LayerAdaptersTests
{
    /// <summary>Fused query, key and value of separate layers; one transposed layer; a computed bias; grouped heads and a gate.</summary>
    public static TheoryData<string, string> Models => new()
    {
        { "bert", "ForSequenceClassification" },
        { "bert", "ForMaskedLM" },
        { "gpt2", "ForCausalLM" },
        { "deberta", "ForTokenClassification" },
        { "deberta-v2", "ForSequenceClassification" },
        { "qwen2", "ForSequenceClassification" },
        { "modernbert", "ForMaskedLM" },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void An_adapter_of_zeros_changes_nothing_and_one_of_others_everything_until_it_is_left_out(string family, string suffix)
    {
        using TaskModel plain = Build(family, suffix, adapters: null);
        using TaskModel adapted = Build(family, suffix, new LowRank());
        using var engine = new Engine(2);
        float[] expected = Outputs(engine, plain);
        AssertClose(expected, Outputs(engine, adapted), 0); // B is drawn as zeros.
        foreach (Parameter parameter in adapted.Parameters.Of(ParameterPart.Adapter)) Initialization.Normal.Fill(parameter, 0.5, seed: 3);
        Assert.NotEqual(expected, Outputs(engine, adapted));
        Assert.Equal(expected, Outputs(engine, adapted, without: true));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Gradients_of_adapters_are_those_of_finite_differences_and_nothing_else_gets_one(string family, string suffix)
    {
        using TaskModel model = Build(family, suffix, new LowRank());
        foreach (Parameter parameter in model.Parameters)
        {
            bool isAdapter = model.Parameters.PartOf(parameter) == ParameterPart.Adapter;
            parameter.RequiresGradient = isAdapter;
            if (isAdapter) Initialization.Normal.Fill(parameter, 0.3, seed: 3);
        }

        using var engine = new Engine();
        ModelLabels labels = Samples.Labels(model, Samples.Batch());
        engine.Tape.Begin(TapeMode.Evaluation);
        model.Loss(engine.Pass(Samples.Batch()), labels).Backward(engine.Tape);
        Parameter[] adapters = [.. model.Parameters.Of(ParameterPart.Adapter)];
        Assert.NotEmpty(adapters);
        float[][] gradients = [.. adapters.Select(parameter => parameter.GradientToArray())];
        Assert.All(model.Parameters.Of(ParameterPart.Encoder), parameter => Assert.False(parameter.HasGradient));
        for (int i = 0; i < adapters.Length; i += 3)
        {
            int largest = Enumerable.Range(0, gradients[i].Length).MaxBy(at => Math.Abs(gradients[i][at]));
            double difference = Difference(engine, model, labels, adapters[i], largest);
            double tolerance = 2e-3 + (0.02 * Math.Abs(difference));
            Assert.True(Math.Abs(difference - gradients[i][largest]) < tolerance,
                $"{adapters[i].Name}: {gradients[i][largest]}, by differences {difference}");
        }
    }

    [Fact]
    public void Adapters_are_a_part_of_their_own_that_is_saved_apart()
    {
        using var folder = new TemporaryFolder();
        using (TaskModel plain = Build("bert", "ForMaskedLM", adapters: null)) plain.Save(folder.Path);
        var options = new ModelLoadOptions { Adapters = new LowRank(), RequireTrainedHead = true };
        using var model = (TaskModel)ModelLoader.Load(folder.Path, options);
        string[] names = [.. model.Parameters.Of(ParameterPart.Adapter).Select(parameter => parameter.Name)];
        Assert.Equal(names, model.LoadReport!.NewIn(ParameterPart.Adapter).Select(weight => weight.Name));
        Assert.Empty(model.LoadReport.NewIn(ParameterPart.Head));
        Assert.Contains("bert.encoder.layer.0.attention.self.query.lora_A", names);
        Assert.Contains("cls.predictions.decoder.lora_B", names);
        Assert.Contains("bert.embeddings.word_embeddings.lora_A", names);

        model.Save(folder.Path);
        ParameterFiles.Write(model.Parameters.Of(ParameterPart.Adapter), folder.File("adapter_model.safetensors"));
        using (SafeTensorsFile whole = SafeTensorsFile.Open(folder.File("model.safetensors")))
            Assert.DoesNotContain(whole.Tensors.Keys, name => name.Contains("lora", StringComparison.Ordinal));
        using SafeTensorsFile adapter = SafeTensorsFile.Open(folder.File("adapter_model.safetensors"));
        Assert.Equal(names.Order(StringComparer.Ordinal), adapter.Tensors.Keys.Order(StringComparer.Ordinal));
    }

    private static TaskModel Build(string family, string suffix, LayerAdapters? adapters)
    {
        ModelConfig config = Golden.FamilyConfig(family);
        config.ProblemType = ProblemType.SingleLabelClassification;
        return (TaskModel)ModelTask.Of(config, ModelRegistry.FamilyOf(config).ClassNameOf(suffix)).FromConfig(config, seed: 1, adapters);
    }

    private static float[] Outputs(Engine engine, TaskModel model, bool without = false)
    {
        engine.Tape.Begin(TapeMode.Inference);
        return model.Run(new ForwardPass(engine.Tape, Samples.Batch()) { LeavesAdaptersOut = without }).First.Values.ToArray();
    }

    private static void AssertClose(float[] expected, float[] found, float tolerance)
    {
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], found[i], tolerance);
    }

    private static double Difference(Engine engine, TaskModel model, ModelLabels labels, Parameter parameter, int index)
    {
        const float Step = 1e-2f;
        double At(float shift)
        {
            float[] values = parameter.ToArray();
            values[index] += shift;
            parameter.CopyFrom(0, values);
            engine.Tape.Begin(TapeMode.Inference);
            double mean = model.Loss(engine.Pass(Samples.Batch()), labels).Mean;
            values[index] -= shift;
            parameter.CopyFrom(0, values);
            return mean;
        }

        return (At(Step) - At(-Step)) / (2 * Step);
    }

    /// <summary>y + (x A^T) B^T on every layer.</summary>
    private sealed class LowRank : LayerAdapters
    {
        private const int Rank = 2;

        public override LinearAdapter ForLinear(LayerSite layer)
        {
            Parameter a = layer.Scope.Add("lora_A", Initialization.Normal, Rank, layer.Inputs);
            Parameter b = layer.Scope.Add("lora_B", Initialization.Zeros, layer.Outputs, Rank);
            return (pass, x, y) => Plus(pass.Tape, y, pass.Tape.Linear(x, a, null), b);
        }

        public override EmbeddingAdapter ForEmbedding(LayerSite layer)
        {
            Parameter a = layer.Scope.AddTable("lora_A", Initialization.Normal, layer.Inputs, Rank);
            Parameter b = layer.Scope.Add("lora_B", Initialization.Zeros, layer.Outputs, Rank);
            return (pass, ids, y) => Plus(pass.Tape, y, pass.Tape.Embedding([new EmbeddingInput(a, ids)]), b);
        }

        private static Tensor Plus(Tape tape, Tensor y, Tensor narrow, Parameter b)
        {
            Tensor wide = tape.Linear(narrow, b, null);
            Tensor sum = tape.Add(y, wide);
            tape.Release(narrow);
            tape.Release(wide);
            tape.Release(y);
            return sum;
        }
    }
}
