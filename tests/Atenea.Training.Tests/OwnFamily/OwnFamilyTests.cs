using Atenea.Hub;
using Atenea.Models;
using Atenea.Tensors;

namespace Atenea.Training.Tests;

/// <summary>
/// A family and a task of a user's own, written against what is public, are built, trained, saved and loaded like any other.
/// </summary>
public sealed class OwnFamilyTests
{
    static OwnFamilyTests()
    {
        ModelRegistry.Register(WindowEncoder.Family);
        ModelRegistry.Register(TallyModel.Task);
    }

    public static TheoryData<string, string> Classes => new()
    {
        { "window", "WindowForTally" },
        { "window", "WindowForSequenceClassification" },
        { "window", "WindowForTokenClassification" },
        { "window", "WindowForMaskedLM" },
        { "bert", "BertForTally" },
    };

    [Theory]
    [MemberData(nameof(Classes))]
    public void It_is_trained_saved_and_loaded_by_the_names_in_its_config(string family, string className)
    {
        ModelConfig config = Config(family);
        using var model = (TaskModel)ModelTask.Of(config, className).FromConfig(config, seed: 3);
        using Backend backend = Backend.Create(threads: 2);
        using var tape = new Tape(backend);
        var pass = new ForwardPass(tape, new InputBatch());
        pass.Batch.Add([1, 2, 3, 4]);
        pass.Batch.Add([5, 6]);
        ModelLabels labels = Labels(model, pass.Batch);
        double first = Train(model, pass, labels, steps: 1);
        Assert.True(Train(model, pass, labels, steps: 30) < first / 2);

        using var folder = new TemporaryFolder();
        model.Save(folder.Path);
        using var loaded = (TaskModel)ModelLoader.Load(folder.Path, new ModelLoadOptions { RequireTrainedHead = true });
        Assert.Equal(className, loaded.ClassName);
        Assert.True(loaded.LoadReport!.IsExact, loaded.LoadReport.ToString());
        Assert.Equal(Outputs(model, pass), Outputs(loaded, pass));
    }

    [Fact]
    public void It_is_listed_and_refuses_what_it_has_no_head_for()
    {
        Assert.Contains(WindowEncoder.Family, ModelRegistry.Families);
        Assert.Same(TallyModel.Task, ModelTask.Named("tally"));
        Assert.Throws<ArgumentException>(() => ModelRegistry.Register(WindowEncoder.Family));
        Assert.Throws<ArgumentException>(() => ModelRegistry.Register(TallyModel.Task));
        var error = Assert.Throws<Errors.AteneaException>(() => ModelTask.Of(Config("window"), "WindowForQuestionAnswering"));
        Assert.Equal(Errors.Catalogue.ModelClassUnsupported, error.Code);
        Assert.Contains("WindowForTally", error.Remedy, StringComparison.Ordinal);
    }

    private static ModelConfig Config(string family) => ModelConfig.Parse(
        $$"""
        {"model_type": "{{family}}", "vocab_size": 20, "hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2,
         "intermediate_size": 16, "initializer_range": 0.2, "hidden_dropout_prob": 0, "attention_probs_dropout_prob": 0,
         "problem_type": "single_label_classification", "id2label": {"0": "no", "1": "yes"} }
        """, "config.json");

    private static ModelLabels Labels(TaskModel model, InputBatch batch)
    {
        var labels = new ModelLabels();
        foreach ((string name, Granularity granularity) in model.LabelArguments)
        {
            if (model is TallyModel) labels.Set(name, [2f, -1f]);
            else if (granularity == Granularity.Token) labels.SetIds(name, batch.Tokens).Fill(1);
            else labels.Set(name, [1, 0]);
        }

        return labels;
    }

    /// <summary>Makes optimizer steps; returns the loss before the last of them.</summary>
    private static double Train(TaskModel model, ForwardPass pass, ModelLabels labels, int steps)
    {
        using var optimizer = new Optimizer(pass.Tape.Backend, model.Parameters, new OptimizerSettings(WeightDecay: 0));
        double mean = 0;
        for (int step = 0; step < steps; step++)
        {
            optimizer.ZeroGradients();
            pass.Tape.Begin(TapeMode.Evaluation);
            ModelLoss loss = model.Loss(pass, labels);
            mean = loss.Mean;
            loss.Backward(pass.Tape);
            optimizer.Step(0.01, out _);
        }

        return mean;
    }

    private static float[] Outputs(TaskModel model, ForwardPass pass)
    {
        pass.Tape.Begin(TapeMode.Inference);
        return model.Run(pass).First.Values.ToArray();
    }
}
